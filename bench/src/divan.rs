//! The benchmarks of single crates, and what divan prints of them.

use std::env;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::run::Scale;
use crate::seeded::repository;

/// A benchmark of a crate.
#[derive(Clone, Copy)]
struct Benchmark {
    package: &'static str,
    name: &'static str,
}

const GATE: Benchmark = Benchmark { package: "gate", name: "gate" };
const CREDENTIALS: Benchmark = Benchmark { package: "vc", name: "credentials" };

/// One line of divan's table; times in nanoseconds.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Timing {
    /// The benchmark and, where it has one, its argument: `hit`, `100000`.
    pub(crate) path: Vec<String>,
    pub(crate) fastest: f64,
    pub(crate) slowest: f64,
    pub(crate) median: f64,
    pub(crate) mean: f64,
}

/// Builds both benchmarks, while all cores are there for it.
pub(crate) fn build(scale: Scale) -> Result<()> {
    run(GATE, &["--no-run"], &[])?;
    if scale == Scale::Full {
        run(CREDENTIALS, &["--no-run"], &[])?;
    }
    Ok(())
}

/// The benchmark of the crate `gate` with so many keys.
pub(crate) fn gate(counts: &[usize]) -> Result<Vec<Timing>> {
    let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
    timings(GATE, &[("GATE_BENCH_KEYS", &counts.join(","))])
}

/// The benchmark of the crate `vc`.
pub(crate) fn credentials() -> Result<Vec<Timing>> {
    timings(CREDENTIALS, &[("DIVAN_SAMPLE_COUNT", "300")])
}

fn timings(benchmark: Benchmark, settings: &[(&str, &str)]) -> Result<Vec<Timing>> {
    let timings = parse(&run(benchmark, &[], settings)?);
    ensure!(!timings.is_empty(), "the benchmark {} printed no table", benchmark.name);
    Ok(timings)
}

fn run(Benchmark { package, name }: Benchmark, options: &[&str], settings: &[(&str, &str)]) -> Result<String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["bench", "--package", package, "--bench", name]).args(options).current_dir(repository()?);
    cargo.envs(settings.iter().copied()).env("DIVAN_COLOR", "never").stderr(Stdio::inherit());
    let output = cargo.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "the benchmark {name} failed ({})", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Reads divan's table: a tree, whose leaves have four times. Other lines, such as throughputs, are left out.
fn parse(table: &str) -> Vec<Timing> {
    let (mut path, mut timings) = (Vec::<String>::new(), Vec::new());
    for line in table.lines() {
        let Some((indent, row)) = line.split_once("├─ ").or_else(|| line.split_once("╰─ ")) else { continue };
        path.truncate(indent.chars().count() / 3);
        let mut columns = row.split('│').map(str::trim);
        let (name, fastest) = name_and_time(columns.next().unwrap_or_default());
        path.push(name.to_owned());
        let (slowest, median, mean) = (columns.next(), columns.next(), columns.next());
        let time = |text: Option<&str>| text.and_then(nanoseconds);
        if let (Some(fastest), Some(slowest), Some(median), Some(mean)) =
            (nanoseconds(fastest), time(slowest), time(median), time(mean))
        {
            timings.push(Timing { path: path.clone(), fastest, slowest, median, mean });
        }
    }
    timings
}

/// `hit   61.2 ns` as the name and what follows the gap.
fn name_and_time(column: &str) -> (&str, &str) {
    column.split_once(' ').map_or((column, ""), |(name, time)| (name, time.trim_start()))
}

fn nanoseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ')?;
    let scale = match unit {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
Timer precision: 20 ns
gate            fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ hit                        │               │               │               │         │
│  ├─ 1000      61.25 ns      │ 1.101 µs      │ 64.5 ns       │ 65.2 ns       │ 1000    │ 64000
│  ╰─ 100000    0.5 ns        │ 2 ms          │ 3.5 s         │ 4 ns          │ 1000    │ 64000
╰─ issuing                    │               │               │               │         │
   ╰─ credential  312.1 µs    │ 400 µs        │ 313 µs        │ 315 µs        │ 300     │ 300
                  3.2 Kitem/s │ 2.5 Kitem/s   │ 3.1 Kitem/s   │ 3.1 Kitem/s   │         │
";

    #[test]
    fn the_leaves_of_the_table_are_read() {
        let path = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        let timing =
            |names, fastest, slowest, median, mean| Timing { path: path(names), fastest, slowest, median, mean };
        assert_eq!(
            parse(TABLE),
            [
                timing(["hit", "1000"], 61.25, 1101.0, 64.5, 65.2),
                timing(["hit", "100000"], 0.5, 2e6, 3.5e9, 4.0),
                timing(["issuing", "credential"], 312_100.0, 400_000.0, 313_000.0, 315_000.0),
            ]
        );
    }

    #[test]
    fn what_is_no_table_has_no_timings() {
        assert_eq!(parse("error: no such benchmark\n├─ hit\n"), []);
    }
}
