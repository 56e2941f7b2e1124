//! The document: every table of a run, with how it was measured.

use std::fmt::Write as _;

use crate::divan::Timing;
use crate::figures;
use crate::numbers::{Spread, power};
use crate::peers::Peers;
use crate::report::Report;
use crate::requests::Pair;
use crate::run::Scale;
use crate::table::table;

/// The whole of it, in Markdown.
pub(crate) fn text(report: &Report) -> String {
    let mut text = head(report);
    text += &figures(report);
    text += &gate(report);
    text += &requests(report);
    text += &refusals(report);
    text += &changes(report);
    text += &start(report);
    text += &report.peers.as_ref().map(peers).unwrap_or_default();
    text += &report.credentials.as_deref().map(credentials).unwrap_or_default();
    text
}

fn head(report: &Report) -> String {
    let machine = &report.machine;
    let command = match report.scale {
        Scale::Full => "cargo xtask bench",
        Scale::Short => "cargo xtask bench --short",
    };
    format!(
        "# Benchmarks

Written by one command, which builds, measures and compares. It runs on Linux and needs two cores: the server under load
has the first one, what loads it the second one.

```sh
{command}
```

{}
Use the ratios, not the absolute figures: what is compared was measured in turn, in slices of 50 to 200 ms, so that a
machine whose speed changes changes both sides alike. A number stands as its median, with the 10th and the 90th
percentile behind it.

",
        table(
            ["Measured", ""],
            [
                ["date", &machine.date],
                ["commit", &machine.commit],
                ["processor", &format!("{}, {} cores", machine.processor, machine.cores)],
                ["kernel", &format!("Linux {}", machine.kernel)],
                ["compiler", &machine.rustc],
            ]
            .map(|row| row.map(str::to_owned)),
        )
    )
}

fn figures(report: &Report) -> String {
    let rows = figures::of(report).into_iter().map(|figure| {
        let verdict = if figure.is_reached() { "reached" } else { "**missed**" };
        [figure.what.clone(), figure.bound(), figure.measured(), verdict.to_owned()]
    });
    format!(
        "## Figures to reach

{}
That a key is admitted without an allocation is counted in a test (`gate/tests/no_allocation.rs`), not timed, and so
is what a change may leave admitted among threads. No figure here counts reads of the database.

",
        table(["What", "Figure", "Measured", ""], rows)
    )
}

fn gate(report: &Report) -> String {
    let rows = report.gate.iter().map(|Timing { path, fastest, slowest, median, mean }| {
        let [bench, count] = path.as_slice() else { return [const { String::new() }; 6] };
        let count = count.parse().map_or_else(|_| count.clone(), power);
        let time = |time: &f64| format!("{time:.0}");
        [bench.replace('_', " "), count, time(median), time(mean), time(fastest), time(slowest)]
    });
    format!(
        "## The gate alone

`cd gate && cargo bench --bench gate`: one call of `Gate::admit` and, where it admits, the check of a permission.
Nanoseconds for one request, of samples of 64. Each request carries another key, drawn at random over all of them; the
four header fields of it were made just before, as a server has just read them. A `hit` is of a key that is in use, a
`first hit` the first one since what was counted of the key was last written; `hit again` is `hit` once more: what
differs is noise.

{}
",
        table(["Request", "Keys", "Median", "Mean", "Fastest sample", "Slowest sample"], rows)
    )
}

fn requests(report: &Report) -> String {
    let head =
        ["Requests", "Keys", "Key", "With, per second", "Without, per second", "CPU, µs", "Ratio", "Same ÷ same"];
    format!(
        "## Whole requests

32 connections, kept alive, each with one request under way; every answer is checked. {} cycles; within each,
each side has 50 ms, and the second one another 50 ms for the noise. `/raw/v1/me` is the handler of `/api/v1/me` without
the gate. `/key/v1/ok` requires a permission and answers the same bytes as a constant, `/raw/v1/ok` answers them to
everybody: what there is of the gate shows most there. All of these stand in the same layers of the same server, and are
sent the same bytes but for the path, which has the same length. Metrics are counted, the log has the level info, and
every key has a limit of requests, too high to be met.

{}
The same constant from axum without any layer, in the same process:

{}
The same route on connections with the time-outs and bounds that `claviger` has by default, and on connections with none:

{}
",
        report.scale.cycles(),
        table(head, report.with_gate.iter().map(pair)),
        table(head, report.with_server.iter().map(pair)),
        table(head, std::iter::once(pair(&report.with_limits))),
    )
}

fn pair(pair: &Pair) -> [String; 8] {
    [
        format!("`{}` ÷ `{}`", pair.first, pair.second),
        power(pair.count),
        pair.choice.shown().to_owned(),
        pair.first_rate.per_second.to_string(),
        pair.second_rate.per_second.to_string(),
        format!("{:.1} / {:.1}", pair.first_rate.cpu, pair.second_rate.cpu),
        pair.ratio.shown(3),
        pair.noise.shown(3),
    ]
}

fn refusals(report: &Report) -> String {
    let (flood, deletion) = (&report.flood, &report.deletion);
    let rows = report.refusals.iter().map(|refusal| {
        [
            refusal.what.to_owned(),
            refusal.status.to_string(),
            refusal.rate.per_second.to_string(),
            format!("{:.1}", refusal.rate.cpu),
            refusal.ratio.shown(2),
        ]
    });
    let rates = [
        ("honest callers alone", flood.alone.per_second),
        ("honest callers beside the flood", flood.beside.per_second),
        ("unknown keys", flood.unknown),
        ("malformed keys", flood.malformed),
    ];
    format!(
        "## Refusals

`GET /api/v1/credentials`, an empty list. A refusal is counted for its address and logged, six hundred lines a minute, and its
problem is written as JSON.

{}
A flood: 32 connections of honest callers on `/api/v1/me`, and 32 that send well-formed unknown keys and keys with a bad
checksum as fast as they are answered. Honest callers keep {} of their throughput.

{}
A key is deleted over HTTP while 16 connections use it, {} times. Of {} requests that were sent after the answer of the
DELETE, {} were admitted. The first refusal was seen {} ms after the answer.

",
        table(["Request", "Status", "Per second", "CPU, µs", "÷ admitted"], rows),
        flood.ratio.shown(2),
        table(["Requests", "Per second"], rates.map(|(what, rate)| [what.to_owned(), rate.to_string()])),
        deletion.keys,
        deletion.after,
        deletion.admitted,
        deletion.refused_after.shown(2),
    )
}

fn changes(report: &Report) -> String {
    let changes = &report.changes;
    let rows = [
        ["readers without changes".to_owned(), changes.quiet.per_second.to_string(), changes.noise.shown(3)],
        [
            "readers during changes in the gate".to_owned(),
            changes.during.per_second.to_string(),
            changes.ratio.shown(3),
        ],
    ];
    let Spread { low, median, high } = changes.durable;
    format!(
        "## Changes meanwhile

{} keys, each connection with its own on `/api/v1/me`, while the same worker edits the permissions of {:.0} keys
per second in the gate. That takes {:.1} % of its time. The ratio of readers without changes to themselves is noise.

{}
Over HTTP, each edit committed to the disk and in force before it is answered, one caller makes {median:.0} ({low:.0}–{high:.0})
edits per second; the readers beside it keep {} of their throughput.

",
        power(changes.count),
        changes.per_second,
        changes.writer * 100.0,
        table(["Requests", "Per second", "÷ without changes"], rows),
        changes.durable_ratio.shown(2),
    )
}

fn start(report: &Report) -> String {
    let start = &report.start;
    let row = |what: String, seconds: Spread, resident: Spread| {
        let mebibytes = |bytes: f64| bytes / 1024.0 / 1024.0;
        let Spread { low, median, high } = resident;
        let resident = Spread { low: mebibytes(low), median: mebibytes(median), high: mebibytes(high) };
        [what, seconds.shown(2), resident.shown(0)]
    };
    format!(
        "## Start and memory

`claviger serve` on SQLite, from the start of the process to the first answer on `/api/v1/me`, and the resident memory
then; three starts, the files in the system's cache.

{}
That is {:.0} bytes per key above the empty server.

",
        table(
            ["Data folder", "Seconds", "Resident, MiB"],
            [
                row(format!("{} keys", power(start.count)), start.seconds, start.resident),
                row("empty".to_owned(), start.empty_seconds, start.empty_resident),
            ]
        ),
        start.bytes_per_key(),
    )
}

fn peers(peers: &Peers) -> String {
    let own = peers.own.iter().map(|(route, rate)| {
        let none = || "–".to_owned();
        [format!("Claviger, `{route}`"), rate.per_second.to_string(), format!("{:.1}", rate.cpu), none(), none()]
    });
    let others = peers.peers.iter().map(|peer| {
        let mut ratios = peer.ratios.iter().map(|ratio| ratio.shown(1));
        [
            format!("{}: {}", peer.name, peer.version),
            peer.rate.per_second.to_string(),
            format!("{:.1}", peer.rate.cpu),
            ratios.next().unwrap_or_default(),
            ratios.next().unwrap_or_default(),
        ]
    });
    let mut text = format!(
        "## Beside others

Each does the same work: it takes the key from `x-api-key`, finds it among a thousand, checks a permission and answers
small JSON. Each has one core and the production server that its own documentation recommends; {} rounds of {} s,
one server after the other. How each is set up stands in `bench/peers`. The last two columns are Claviger's two routes
divided by it.

{}
",
        crate::run::PEERS.cycles,
        crate::run::PEERS.slice.as_secs(),
        table(["Server", "Per second", "CPU, µs", "`/api/v1/me` ÷", "`/key/v1/ok` ÷"], own.chain(others)),
    );
    for (name, reason) in &peers.skipped {
        let _ = writeln!(text, "Skipped: {name} ({reason}).\n");
    }
    text
}

fn credentials(timings: &[Timing]) -> String {
    let rows = timings.iter().map(|timing| {
        let micros = |time: f64| format!("{:.0} µs", time / 1e3);
        [
            timing.path.join(", ").replace('_', " "),
            micros(timing.median),
            format!("{:.0}", 1e9 / timing.median),
            micros(timing.fastest),
            micros(timing.slowest),
        ]
    });
    let median = |path: [&str; 2]| timings.iter().find(|timing| *timing.path == path).map_or(f64::NAN, |it| it.median);
    format!(
        "## What a credential costs

`cd vc && cargo bench --bench credentials`: the crate `vc` alone on one core, without HTTP and database, beside the
ES256 signatures that no implementation can leave out. A credential has five claims, four of which can be withheld; a
presentation bears its signature and its holder's; a status list has 100,000 entries.

{}
Issuing reaches {:.2} of the throughput of its bare signature, verifying {:.2} of its two: the rest is JSON, base64 and
the digests of what is disclosed.
",
        table(["What", "Median", "Per second", "Fastest", "Slowest"], rows),
        median(["issuing", "bare_signature"]) / median(["issuing", "credential"]),
        median(["verifying", "two_bare_signatures"]) / median(["verifying", "presentation"]),
    )
}
