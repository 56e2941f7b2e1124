//! Passwords: argon2id, away from the threads that answer requests, few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::problem::{Code, Problem};
use crate::randomness::Randomness;

/// The shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 15 where nothing else protects;
/// sign-in is slowed down here).
const MIN: usize = 12;
/// The longest, in bytes: more is no password but an attempt to keep the server busy.
const MAX: usize = 1024;

/// Each takes 19 MiB and one core for tens of milliseconds.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A password as it was typed; zeroised, never printed.
#[derive(Clone, Default)]
pub struct Password(Zeroizing<String>);

/// Why a password cannot be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WrongPassword {
    /// Too short to withstand guessing.
    #[error("must have at least 12 characters")]
    TooShort,
    /// Too long to be hashed in reasonable time.
    #[error("must have at most 1024 bytes")]
    TooLong,
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Password {
    /// Whether it can be chosen.
    pub fn check(&self) -> Result<(), WrongPassword> {
        if self.0.len() > MAX {
            return Err(WrongPassword::TooLong);
        }
        if self.0.chars().count() < MIN { Err(WrongPassword::TooShort) } else { Ok(()) }
    }
}

/// Hashes a password into a PHC string.
pub async fn hash(password: Password, randomness: &Randomness) -> Result<String, Problem> {
    let mut salt = [0; 16];
    randomness.fill(&mut salt);
    apart(move || {
        Argon2::default()
            .hash_password_with_salt(password.0.as_bytes(), &salt)
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|_| Problem::from(Code::Internal))
    })
    .await?
}

/// Whether the password is the one of this hash. Without a hash it takes as long and is wrong: an unknown
/// address cannot be told from a wrong password by the time of the answer.
pub(crate) async fn verify(password: Password, hash: Option<String>) -> Result<bool, Problem> {
    if password.0.len() > MAX {
        return Ok(false);
    }
    apart(move || {
        if let Some(hash) = hash {
            return Argon2::default().verify_password(password.0.as_bytes(), hash.as_str()).is_ok();
        }
        let mut output = [0; 32];
        let _ = Argon2::default().hash_password_into(password.0.as_bytes(), &[0; 16], &mut output);
        false
    })
    .await
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _permit = AT_ONCE.acquire().await.map_err(|_| Code::Internal)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Code::Internal.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_12_characters_and_at_most_1024_bytes() {
        let check = |text: &str| Password::from(text.to_owned()).check();
        assert_eq!(check("elevenchars"), Err(WrongPassword::TooShort));
        assert_eq!(check("twelve chars"), Ok(()));
        assert_eq!(check(&"x".repeat(1025)), Err(WrongPassword::TooLong));
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let password = || Password::from("correct horse battery".to_owned());
        let hash = hash(password(), &Randomness::system()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify(password(), Some(hash.clone())).await.unwrap());
        assert!(!verify(Password::from("wrong".to_owned()), Some(hash)).await.unwrap());
        assert!(!verify(password(), None).await.unwrap());
        assert!(!verify(password(), Some("not a hash".to_owned())).await.unwrap());
    }
}
