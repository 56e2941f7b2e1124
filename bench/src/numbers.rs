//! Medians and spreads.

use std::fmt;
use std::time::Duration;

/// The median of several measurements, and how far they lie apart.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Spread {
    /// The 10th percentile.
    pub(crate) low: f64,
    /// The 50th.
    pub(crate) median: f64,
    /// The 90th.
    pub(crate) high: f64,
}

impl Spread {
    /// Of these; of nothing it is not a number.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        // The nearest rank: a value that was measured, not one between two.
        let rank = |percent: usize| {
            let place = (values.len().saturating_sub(1) * percent + 50) / 100;
            values.get(place).copied().unwrap_or(f64::NAN)
        };
        Self { low: rank(10), median: rank(50), high: rank(90) }
    }

    /// With so many decimals: `0.96 (0.93–0.99)`.
    pub(crate) fn shown(self, decimals: usize) -> String {
        let Self { low, median, high } = self;
        format!("{median:.decimals$} ({low:.decimals$}–{high:.decimals$})")
    }
}

/// Requests per second, in thousands: `23.4 k (21.0–25.5)`.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { low, median, high } = self;
        write!(f, "{:.1} k ({:.1}–{:.1})", median / 1e3, low / 1e3, high / 1e3)
    }
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// So many in this time, per second.
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    real(count) / time.as_secs_f64()
}

/// `10³` for a thousand; numbers that are no such power as they are.
pub(crate) fn power(number: usize) -> String {
    let exponent = number.checked_ilog10().unwrap_or(0) as usize;
    let shown = ["10³", "10⁴", "10⁵", "10⁶", "10⁷", "10⁸"].get(exponent.wrapping_sub(3));
    let is_power = number.to_string().trim_end_matches('0') == "1";
    shown.filter(|_| is_power).map_or_else(|| number.to_string(), |shown| (*shown).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_made_of_values_that_were_measured() {
        let spread = Spread::of((0..=10).rev().map(f64::from));
        assert_eq!(spread, Spread { low: 1.0, median: 5.0, high: 9.0 });
        assert_eq!(Spread::of([7.0]), Spread { low: 7.0, median: 7.0, high: 7.0 });
        assert!(Spread::of([]).median.is_nan());
        assert_eq!(spread.shown(2), "5.00 (1.00–9.00)");
        assert_eq!(Spread::of([23_400.0]).to_string(), "23.4 k (23.4–23.4)");
    }

    #[test]
    fn sizes_are_powers_of_ten() {
        assert_eq!([1000, 100_000, 10_000_000, 100, 1500].map(power), ["10³", "10⁵", "10⁷", "100", "1500"]);
    }
}
