//! Every name that a standard fixes and this crate reads or writes, in one place, so that a new
//! draft is one diff.

/// `typ` of an SD-JWT VC: draft-ietf-oauth-sd-jwt-vc, "JOSE Header".
pub const TYP_SD_JWT_VC: &str = "dc+sd-jwt";
/// `typ` that drafts up to 05 used. Issuers in the field still send it; this wallet reads it and never writes it.
pub const TYP_SD_JWT_VC_LEGACY: &str = "vc+sd-jwt";
/// `typ` of a key binding JWT: RFC 9901 §4.3.
pub const TYP_KEY_BINDING_JWT: &str = "kb+jwt";
/// `typ` of a status list token: draft-ietf-oauth-status-list §5.1.
pub const TYP_STATUS_LIST: &str = "statuslist+jwt";
/// Media type of a status list token: draft-ietf-oauth-status-list §8.1.
pub const MEDIA_TYPE_STATUS_LIST: &str = "application/statuslist+jwt";

/// `typ` of a signed request object: RFC 9101 §10.8, which OpenID4VP 1.0 §5 requires.
pub const TYP_REQUEST_OBJECT: &str = "oauth-authz-req+jwt";
/// Media type of a signed request object: RFC 9101 §10.8.
pub const MEDIA_TYPE_REQUEST_OBJECT: &str = "application/oauth-authz-req+jwt";

/// ECDSA with P-256 and SHA-256: RFC 7518 §3.4. The only `alg` of the profile (DIIP v5).
pub const ALG_ES256: &str = "ES256";
/// Key type and curve of an ES256 key: RFC 7518 §6.1, §6.2.1.1.
pub const KTY_EC: &str = "EC";
/// See [`KTY_EC`].
pub const CRV_P256: &str = "P-256";

/// JOSE header parameters: RFC 7515 §4.1.
pub mod header {
    /// Algorithm, §4.1.1.
    pub const ALG: &str = "alg";
    /// Key id, §4.1.4.
    pub const KID: &str = "kid";
    /// The key itself, §4.1.3.
    pub const JWK: &str = "jwk";
    /// Type, §4.1.9.
    pub const TYP: &str = "typ";
    /// Extensions that must be understood, §4.1.11.
    pub const CRIT: &str = "crit";
}

/// Claims of the issuer-signed JWT.
pub mod claim {
    /// Issuer: RFC 7519 §4.1.1.
    pub const ISS: &str = "iss";
    /// Subject: RFC 7519 §4.1.2.
    pub const SUB: &str = "sub";
    /// Audience: RFC 7519 §4.1.3.
    pub const AUD: &str = "aud";
    /// Expiration time: RFC 7519 §4.1.4.
    pub const EXP: &str = "exp";
    /// Not before: RFC 7519 §4.1.5.
    pub const NBF: &str = "nbf";
    /// Issued at: RFC 7519 §4.1.6.
    pub const IAT: &str = "iat";
    /// The nonce of the other side, to be repeated: RFC 9901 §4.3, OpenID4VCI 1.0 Appendix F.1.
    pub const NONCE: &str = "nonce";
    /// Verifiable credential type: draft-ietf-oauth-sd-jwt-vc, "`vct` Claim".
    pub const VCT: &str = "vct";
    /// Integrity of the type metadata: draft-ietf-oauth-sd-jwt-vc, "Registered JWT Claims".
    pub const VCT_INTEGRITY: &str = "vct#integrity";
    /// Further types that the credential also has: draft-ietf-oauth-sd-jwt-vc, "Registered JWT Claims".
    pub const AKA_VCTS: &str = "aka_vcts";
    /// Confirmation (the holder's key): RFC 7800 §3.1.
    pub const CNF: &str = "cnf";
    /// Confirmation by key: RFC 7800 §3.2.
    pub const JWK: &str = "jwk";
    /// Confirmation by key id: RFC 7800 §3.4.
    pub const KID: &str = "kid";
    /// The reference to the status: draft-ietf-oauth-status-list §6.1.
    pub const STATUS: &str = "status";
    /// Digests of selectively disclosable members: RFC 9901 §4.2.4.1.
    pub const SD: &str = "_sd";
    /// Hash algorithm of the digests: RFC 9901 §4.1.1.
    pub const SD_ALG: &str = "_sd_alg";
    /// Digest of a selectively disclosable array element: RFC 9901 §4.2.4.2.
    pub const ELLIPSIS: &str = "...";
}

/// Claims of a key binding JWT beside `iat`: RFC 9901 §4.3.
pub mod key_binding {
    /// The verifier.
    pub const AUD: &str = "aud";
    /// The verifier's nonce.
    pub const NONCE: &str = "nonce";
    /// Digest of the SD-JWT that is presented, §4.3.1.
    pub const SD_HASH: &str = "sd_hash";
}

/// Members of a status list and of a reference to one: draft-ietf-oauth-status-list.
pub mod status_list {
    /// The list in the signed list, §4.2; the reference to it in a credential's claim `status`, §6.2.
    pub const STATUS_LIST: &str = "status_list";
    /// How many bits a status has, §4.2.
    pub const BITS: &str = "bits";
    /// The statuses, §4.2.
    pub const LST: &str = "lst";
    /// For how many seconds a copy serves, §5.1.
    pub const TTL: &str = "ttl";
    /// The entry of a credential, §6.2.
    pub const IDX: &str = "idx";
    /// Where the list is served, §6.2.
    pub const URI: &str = "uri";
}

/// Claims that must be in the issuer-signed JWT itself and never in a disclosure: draft-ietf-oauth-sd-jwt-vc §2.2.2.3,
/// and `_sd_alg`, which RFC 9901 §4.1.1 puts at the top level.
pub const NEVER_DISCLOSABLE: [&str; 9] = [
    claim::ISS,
    claim::NBF,
    claim::EXP,
    claim::CNF,
    claim::VCT,
    claim::VCT_INTEGRITY,
    claim::AKA_VCTS,
    claim::STATUS,
    claim::SD_ALG,
];

/// Where an `https` issuer publishes its keys: draft-ietf-oauth-sd-jwt-vc, "JWT VC Issuer Metadata".
pub const WELL_KNOWN_JWT_VC_ISSUER: &str = "/.well-known/jwt-vc-issuer";
/// Where a credential issuer publishes its metadata: OpenID4VCI 1.0 §12.2.2.
pub const WELL_KNOWN_CREDENTIAL_ISSUER: &str = "/.well-known/openid-credential-issuer";
/// Where an authorization server publishes its metadata: RFC 8414 §3.
pub const WELL_KNOWN_AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
/// Members of the JWT VC issuer metadata, same section.
pub mod issuer_metadata {
    /// The issuer, equal to `iss`.
    pub const ISSUER: &str = "issuer";
    /// The keys by value.
    pub const JWKS: &str = "jwks";
    /// The keys by reference.
    pub const JWKS_URI: &str = "jwks_uri";
}
/// Member of a JWK Set: RFC 7517 §5.1.
pub const JWKS_KEYS: &str = "keys";

/// DID methods of the profile (DIIP v5).
pub mod did_method {
    /// <https://github.com/quartzjer/did-jwk/blob/main/spec.md>
    pub const JWK: &str = "jwk";
    /// <https://w3c-ccg.github.io/did-method-web/>
    pub const WEB: &str = "web";
}
/// Fragment of the one key of a did:jwk: did:jwk, "Read".
pub const DID_JWK_FRAGMENT: &str = "0";

/// Members of a DID document: DID Core 1.0 §5, §5.2, §5.3.
pub mod did_document {
    /// JSON-LD context.
    pub const CONTEXT: &str = "@context";
    /// Subject, and the id of a method.
    pub const ID: &str = "id";
    /// The keys.
    pub const VERIFICATION_METHOD: &str = "verificationMethod";
    /// Keys that sign statements such as credentials, §5.3.2.
    pub const ASSERTION_METHOD: &str = "assertionMethod";
    /// Keys that prove control of the DID, §5.3.1.
    pub const AUTHENTICATION: &str = "authentication";
    /// What else the subject can be reached by, §5.4.
    pub const SERVICE: &str = "service";
    /// Where a service is, §5.4.
    pub const SERVICE_ENDPOINT: &str = "serviceEndpoint";
    /// Key material, §5.2.1.
    pub const PUBLIC_KEY_JWK: &str = "publicKeyJwk";
    /// Key material, §5.2.1; Controlled Identifiers 1.0 §2.2.2 (Multikey).
    pub const PUBLIC_KEY_MULTIBASE: &str = "publicKeyMultibase";
}

/// Members of a DCQL query: OpenID4VP 1.0 §6, and the type that it asks for, appendix B.3.5.
pub mod dcql {
    /// Of the query, §6.
    pub const CREDENTIALS: &str = "credentials";
    /// Of the query, §6.
    pub const CREDENTIAL_SETS: &str = "credential_sets";
    /// Of a credential query, §6.1, and of a claims query, §6.3.
    pub const ID: &str = "id";
    /// Of a credential query, §6.1.
    pub const FORMAT: &str = "format";
    /// Of a credential query, §6.1.
    pub const MULTIPLE: &str = "multiple";
    /// Of a credential query, §6.1.
    pub const META: &str = "meta";
    /// Of `meta` for SD-JWT VCs, appendix B.3.5.
    pub const VCT_VALUES: &str = "vct_values";
    /// Of a credential query, §6.1.
    pub const TRUSTED_AUTHORITIES: &str = "trusted_authorities";
    /// Of a credential query, §6.1.
    pub const REQUIRE_CRYPTOGRAPHIC_HOLDER_BINDING: &str = "require_cryptographic_holder_binding";
    /// Of a credential query, §6.1.
    pub const CLAIMS: &str = "claims";
    /// Of a credential query, §6.1.
    pub const CLAIM_SETS: &str = "claim_sets";
    /// Of a trusted authorities query, §6.1.1.
    pub const TYPE: &str = "type";
    /// Of a trusted authorities query, §6.1.1, and of a claims query, §6.3.
    pub const VALUES: &str = "values";
    /// Of a credential set query, §6.2.
    pub const OPTIONS: &str = "options";
    /// Of a credential set query, §6.2.
    pub const REQUIRED: &str = "required";
    /// Of a claims query, §6.3.
    pub const PATH: &str = "path";
}
/// Format identifier of SD-JWT VCs: OpenID4VP 1.0, appendix B.3.1.
pub const FORMAT_SD_JWT_VC: &str = "dc+sd-jwt";

/// Names of OpenID for Verifiable Presentations 1.0; members of its messages stand in their types.
pub mod openid4vp {
    /// The custom URL scheme of a request, §13.1.2.
    pub const SCHEME: &str = "openid4vp";
    /// The Client Identifier Prefix of a verifier that is known by a DID, §5.9.3.
    pub const DECENTRALIZED_IDENTIFIER: &str = "decentralized_identifier";
    /// `aud` of a request object to a wallet whose metadata the verifier has not read, §5.8.
    pub const STATIC_AUDIENCE: &str = "https://self-issued.me/v2";
}

/// OpenID for Verifiable Credential Issuance 1.0. The members of its messages are the fields of the types in
/// [`openid4vci`](crate::openid4vci).
pub mod openid4vci {
    /// The scheme of links that open a wallet: §12.1.
    pub const OFFER_SCHEME: &str = "openid-credential-offer";
    /// Parameters of such a link: §4.1.
    pub mod offer_link {
        /// The offer by value.
        pub const CREDENTIAL_OFFER: &str = "credential_offer";
        /// The offer by reference.
        pub const CREDENTIAL_OFFER_URI: &str = "credential_offer_uri";
    }
    /// The grant of the Pre-Authorized Code Flow: §4.1.1.
    pub const GRANT_PRE_AUTHORIZED_CODE: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
    /// Parameters of a Token Request: §6.1.
    pub mod token_request {
        /// The grant.
        pub const GRANT_TYPE: &str = "grant_type";
        /// The code of the offer.
        pub const PRE_AUTHORIZED_CODE: &str = "pre-authorized_code";
        /// The transaction code.
        pub const TX_CODE: &str = "tx_code";
        /// What the token is to be good for: RFC 9396 §6.
        pub const AUTHORIZATION_DETAILS: &str = "authorization_details";
    }
    /// `type` of authorization details about credentials: §5.1.1.
    pub const OPENID_CREDENTIAL: &str = "openid_credential";
    /// Key proofs by a JWT: Appendix F.1.
    pub const PROOF_TYPE_JWT: &str = "jwt";
    /// `typ` of such a JWT: Appendix F.1.
    pub const TYP_KEY_PROOF: &str = "openid4vci-proof+jwt";
    /// The credential is bound to a key as a JWK: §12.2.4, `cryptographic_binding_methods_supported`.
    pub const BINDING_JWK: &str = "jwk";
    /// It is bound to a did:jwk, whose key the issuer reads out of it.
    pub const BINDING_DID_JWK: &str = "did:jwk";
    /// It is bound to a key of a did:web.
    pub const BINDING_DID_WEB: &str = "did:web";
}

/// What is published under a DID: DIF Well Known DID Configuration, DIF Linked Verifiable Presentation 1.0.0, and the
/// W3C credentials that they are made of.
pub mod linked {
    /// `typ` of a Domain Linkage Credential ("JSON Web Token Proof Format").
    pub const JWT: &str = "JWT";
    /// `typ` of a presentation that is secured as a JWT, VC-JOSE-COSE §3.1.2; as a media type after `application/`.
    pub const PRESENTATION_JWT: &str = "vp+jwt";
    /// JSON-LD context of VCDM 1.1.
    pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";
    /// JSON-LD context of VCDM 2.0.
    pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
    /// JSON-LD context of a DID configuration.
    pub const DID_CONFIGURATION: &str = "https://identity.foundation/.well-known/did-configuration/v1";
    /// JSON-LD context of a linked presentation's service.
    pub const LINKED_PRESENTATION: &str = "https://identity.foundation/linked-vp/contexts/v1";
}
