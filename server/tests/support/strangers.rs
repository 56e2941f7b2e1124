//! A credential issuer and a verifier that every test of this process shares, for samples: they outlive the runtime
//! of each test.

use std::sync::{LazyLock, mpsc};

use serde_json::{Value, json};

use super::{CredentialIssuer, Verifier};

static STRANGERS: LazyLock<(CredentialIssuer, Verifier)> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            sender.send((CredentialIssuer::start().await, Verifier::start().await)).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
});

/// A new offer of somebody's.
pub(super) fn offer() -> String {
    STRANGERS.0.offer()
}

/// A new request of somebody's for a sample credential, which need not be bound to a key.
pub(super) fn request() -> String {
    let query: Value = json!({"credentials": [{
        "id": "membership",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": ["https://issuer.example/membership"]},
        "require_cryptographic_holder_binding": false,
        "claims": [{"path": ["member"]}],
    }]});
    STRANGERS.1.asks(&query)
}
