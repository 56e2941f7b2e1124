//! Passwords: argon2id, away from the threads that answer requests, few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, CustomizedPasswordHasher as _, Params, PasswordHasher as _};
use kernel::problem::{Code, Problem};
use kernel::randomness::Randomness;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// The shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 15 where nothing else protects;
/// sign-in is slowed down here).
const MIN: usize = 12;
/// The longest, in bytes: more is no password but an attempt to keep the server busy.
const MAX: usize = 1024;

/// Each takes 19 MiB and one core for tens of milliseconds.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Beside them, for browsers that signed in before: they do not stand in line behind strangers.
static KNOWN_AT_ONCE: Semaphore = Semaphore::const_new(1);

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
    hash_beside(password, &[], randomness).await
}

/// Hashes a password into a PHC string, with the salt of those that other wallets have for the same e-mail address: at
/// a sign-in, which names no wallet, one run of the hash then checks all of them, and its time does not tell how many
/// there are.
pub(crate) async fn hash_beside(
    password: Password,
    others: &[String],
    randomness: &Randomness,
) -> Result<String, Problem> {
    let parsed = others.iter().find_map(|other| PasswordHash::new(other).ok());
    let salt = parsed.and_then(|other| other.salt).map(|salt| salt.to_vec());
    let salt = salt.unwrap_or_else(|| {
        let mut salt = [0; 16];
        randomness.fill(&mut salt);
        salt.to_vec()
    });
    apart(&AT_ONCE, move || {
        Argon2::default()
            .hash_password_with_salt(password.0.as_bytes(), &salt)
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|_| Problem::from(Code::Internal))
    })
    .await?
}

/// Whether a hash has the salt of the others, where there are any.
pub(crate) fn fits(hash: &str, others: &[String]) -> bool {
    let salt = |hash: &str| PasswordHash::new(hash).ok().and_then(|hash| hash.salt).map(|salt| salt.to_vec());
    let own = salt(hash);
    others.iter().filter_map(|other| salt(other)).all(|other| own.as_ref() == Some(&other))
}

/// Which of these hashes are the password's. Without any it takes as long as with one: an unknown address cannot be
/// told from a wrong password by the time of the answer. `is_known` is the line for browsers that signed in before.
pub(crate) async fn verify(password: Password, hashes: Vec<String>, is_known: bool) -> Result<Vec<bool>, Problem> {
    if password.0.len() > MAX {
        return Ok(vec![false; hashes.len()]);
    }
    let line = if is_known { &KNOWN_AT_ONCE } else { &AT_ONCE };
    apart(line, move || matching(&password, &hashes)).await
}

/// Runs the hash once for each way in which the stored ones were made.
fn matching(password: &Password, hashes: &[String]) -> Vec<bool> {
    let stored: Vec<Option<PasswordHash>> = hashes.iter().map(|hash| PasswordHash::new(hash).ok()).collect();
    let ways = ways(stored.iter().flatten());
    if ways.is_empty() {
        let mut output = [0; 32];
        let _ = Argon2::default().hash_password_into(password.0.as_bytes(), &[0; 16], &mut output);
    }
    let runs: Vec<PasswordHash> = ways.into_iter().filter_map(|way| run_as(password, way)).collect();
    // Outputs are compared in constant time.
    let is_right = |stored: &PasswordHash| {
        stored.hash.is_some() && runs.iter().any(|run| is_same_way(run, stored) && run.hash == stored.hash)
    };
    stored.iter().map(|stored| stored.as_ref().is_some_and(is_right)).collect()
}

/// One hash of each way (salt and cost); [`hash_beside`] sees to it that this is one for all of one e-mail address.
fn ways<'a>(hashes: impl Iterator<Item = &'a PasswordHash>) -> Vec<&'a PasswordHash> {
    let mut ways: Vec<&PasswordHash> = Vec::new();
    for hash in hashes {
        if ways.iter().all(|way| !is_same_way(way, hash)) {
            ways.push(hash);
        }
    }
    ways
}

fn is_same_way(one: &PasswordHash, other: &PasswordHash) -> bool {
    (one.algorithm, one.version, one.salt) == (other.algorithm, other.version, other.salt)
        && one.params.as_str() == other.params.as_str()
}

/// The password's hash, made as this one was.
fn run_as(password: &Password, stored: &PasswordHash) -> Option<PasswordHash> {
    let params = Params::try_from(stored).ok()?;
    let (salt, version) = (stored.salt.as_ref()?, stored.version);
    Argon2::default()
        .hash_password_customized(password.0.as_bytes(), salt, Some(stored.algorithm.as_str()), version, params)
        .ok()
}

async fn apart<T: Send + 'static>(
    line: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let _permit = line.acquire().await.map_err(|_| Code::Internal)?;
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

    fn password(text: &str) -> Password {
        Password::from(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let right = || password("correct horse battery");
        let hash = hash(right(), &Randomness::system()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        for is_known in [false, true] {
            assert_eq!(verify(right(), vec![hash.clone()], is_known).await.unwrap(), [true]);
            assert_eq!(verify(password("wrong"), vec![hash.clone()], is_known).await.unwrap(), [false]);
        }
        assert!(verify(right(), Vec::new(), false).await.unwrap().is_empty());
        let odd = ["not a hash", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA"].map(ToOwned::to_owned);
        assert_eq!(verify(right(), odd.to_vec(), false).await.unwrap(), [false; 3]);
    }

    #[tokio::test]
    async fn hashes_of_one_address_share_their_salt_and_each_is_told_apart() {
        let randomness = Randomness::system();
        let first = hash(password("correct horse battery"), &randomness).await.unwrap();
        let others = [first.clone()];
        let second = hash_beside(password("a tall blue boat"), &others, &randomness).await.unwrap();
        let third = hash_beside(password("correct horse battery"), &others, &randomness).await.unwrap();
        let alone = hash(password("a tall blue boat"), &randomness).await.unwrap();
        assert!(fits(&second, &others) && fits(&first, &[]) && !fits(&alone, &others));
        let parsed = [&first, &second, &third].map(|hash| PasswordHash::new(hash).unwrap());
        assert_eq!(ways(parsed.iter()).len(), 1, "one run checks all of them");
        let all = vec![first, second, third, alone];
        let right = verify(password("correct horse battery"), all.clone(), false).await.unwrap();
        assert_eq!(right, [true, false, true, false]);
        assert_eq!(verify(password("a tall blue boat"), all, false).await.unwrap(), [false, true, false, true]);
    }
}
