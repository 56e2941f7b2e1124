//! The log of a job that fails over and over for one reason: a line when that begins, one a minute, and one at its end.
//! Such a reason is often a full disk, which a line for each failure would keep full.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::Instant;

const EACH: Duration = Duration::from_mins(1);

/// Whether the job fails, and since when.
#[derive(Default)]
pub struct Outage {
    told_at: Option<Instant>,
}

impl Outage {
    /// Notes the outcome of one run of the job; `what` is the log line for failures.
    pub fn note<T, E: Display>(&mut self, what: &'static str, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(done) => {
                if self.told_at.take().is_some() {
                    tracing::info!("over: {what}");
                }
                Some(done)
            }
            Err(error) => {
                if self.is_due() {
                    tracing::error!(%error, "{what}");
                    self.told_at = Some(Instant::now());
                }
                None
            }
        }
    }

    fn is_due(&self) -> bool {
        self.told_at.is_none_or(|told_at| told_at.elapsed() >= EACH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_lasts_is_told_once_a_minute_and_one_after_a_success_at_once() {
        let mut outage = Outage::default();
        assert!(outage.is_due());
        assert_eq!(outage.note("it fails", Err::<(), _>("why")), None);
        assert!(!outage.is_due());
        outage.told_at = Instant::now().checked_sub(EACH);
        assert!(outage.told_at.is_some() && outage.is_due());
        outage.note("it fails", Err::<(), _>("why"));
        assert!(!outage.is_due());
        assert_eq!(outage.note("it fails", Ok::<_, &str>(1)), Some(1));
        assert!(outage.is_due());
    }
}
