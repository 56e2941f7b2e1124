//! The direction of the house: the kernel names no feature, and a wing names no sibling but `keys`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What each folder may name beside itself.
const BELOW: [(&str, &[&str]); 6] = [
    ("kernel", &[]),
    ("keys", &["kernel"]),
    ("access", &["kernel"]),
    ("hold", &["kernel", "keys"]),
    ("issue", &["kernel", "keys"]),
    ("verify", &["kernel", "keys"]),
];

/// The folders below `src` that the Rust files of one of them name as `crate::folder`.
fn named(folder: &Path, folders: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            named(&path, folders, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text
                .split("crate::")
                .skip(1)
                .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
            found.extend(names.filter(|name| folders.contains(*name)).map(ToOwned::to_owned));
        }
    }
}

#[test]
fn a_folder_names_only_what_is_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = fs::read_dir(&src).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    let folders: BTreeSet<String> = folders.collect();
    for (folder, below) in BELOW {
        let mut found = BTreeSet::new();
        named(&src.join(folder), &folders, &mut found);
        found.remove(folder);
        let against: Vec<_> = found.iter().filter(|name| !below.contains(&name.as_str())).collect();
        assert!(against.is_empty(), "{folder} names {against:?}");
        assert!(folder == "kernel" || found.contains("kernel"), "{folder} names {found:?}");
    }
}
