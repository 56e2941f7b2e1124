//! The master key: made once, readable by its owner alone, and the only one that fits.

use std::os::unix::fs::PermissionsExt as _;

use crate::operator::Operator;

/// 32 zero bytes, and 32 others.
const ZEROES: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OTHERS: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const VARIABLE: &str = "CLAVIGER_MASTER_KEY";

#[tokio::test]
async fn the_data_folder_and_the_key_in_it_are_made_for_their_owner_alone() {
    let operator = Operator::new();
    operator.does(&["wallet", "add", "Acme"]).await;
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(operator.data().to_owned()), 0o700);
    let file = operator.data().join("master.key");
    assert_eq!(mode(file.clone()), 0o600);

    let key = std::fs::read(&file).unwrap();
    operator.does(&["wallet", "list"]).await;
    assert_eq!(std::fs::read(&file).unwrap(), key, "a later start takes the key that is there");

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let said = operator.run(&["wallet", "list"]).await;
    assert!(said.code == Some(1) && said.error.contains("can be read by others"), "{said:?}");
}

store::both_databases! {
    async fn another_master_key_is_refused(db: &Database) {
        let operator = Operator::of(db);
        let made = operator.run_with(&["wallet", "add", "Acme"], &[(VARIABLE, ZEROES)], "").await;
        assert_eq!(made.code, Some(0), "{made:?}");
        let list = async |key| operator.run_with(&["wallet", "list"], &[(VARIABLE, key)], "").await;
        assert_eq!(list(ZEROES).await.code, Some(0));
        let said = list(OTHERS).await;
        assert!(said.code == Some(1) && said.error.contains("another master key"), "{said:?}");
        assert!(!said.error.contains(OTHERS), "{said:?}");
        assert_eq!(list(ZEROES).await.code, Some(0));
        assert!(!operator.data().join("master.key").exists(), "nothing is made where the key is given");
    }
}

#[tokio::test]
async fn the_key_comes_from_a_file_or_the_environment_and_not_from_both() {
    let operator = Operator::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{ZEROES}\n")).unwrap();
    let file = file.to_str().unwrap();
    operator.does(&["wallet", "add", "Acme", "--master-key-file", file]).await;
    let said = operator.run_with(&["wallet", "list"], &[(VARIABLE, ZEROES)], "").await;
    assert_eq!(said.code, Some(0), "the same key: {said:?}");
    let both = [(VARIABLE, ZEROES), ("CLAVIGER_MASTER_KEY_FILE", file)];
    assert_eq!(operator.run_with(&["wallet", "list"], &both, "").await.code, Some(2));
    let said = operator.run_with(&["wallet", "list"], &[(VARIABLE, "c2VjcmV0")], "").await;
    assert!(said.code == Some(1) && said.error.contains("32 bytes in base64"), "{said:?}");
    assert!(!said.error.contains("c2VjcmV0"), "{said:?}");
    assert_eq!(operator.run(&["wallet", "list", "--master-key-file", "/nowhere/key"]).await.code, Some(1));
}
