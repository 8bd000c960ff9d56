//! Lists in gzip and zstd: the same requests, and never a part for the whole.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use super::{PLAIN, Place, people, skipped};

#[test]
fn a_packed_list_gives_the_same_requests() {
    let place = Place::new();
    let rows = people(&PLAIN);
    let Some(clean) = place.made("clean.csv", &json!({"kind": "text", "rows": rows})) else {
        return;
    };
    let requests = place.requests(&clean, &[]);
    let packed =
        json!({"kind": "text", "rows": rows, "gzip": true, "encoding": "utf_16_be", "mark": true});
    let packed = place
        .made("list.csv.gz", &packed)
        .expect("python3 is there");
    assert_eq!(place.requests(&packed, &[]), requests);

    let text = fs::read(&clean).expect("it is there");
    let (one, two) = text.split_at(100);
    for (program, name) in [("gzip", "gzip"), ("zstd", "zstd")] {
        let pack = |part: &[u8]| -> Option<Vec<u8>> {
            let mut child = Command::new(program)
                .arg("-c")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .ok()?;
            child.stdin.take()?.write_all(part).ok()?;
            Some(child.wait_with_output().ok()?.stdout)
        };
        let (Some(one), Some(two)) = (pack(one), pack(two)) else {
            skipped(program);
            continue;
        };
        // Two packed files one behind the other are one, whatever the file's name says.
        let whole = [one, two].concat();
        let ran = place.run(&place.write("list.csv", &whole), &[]);
        assert_eq!((ran.code, &ran.requests), (0, &requests), "{}", ran.told);
        assert_eq!(ran.summary["read"]["packed"], name);
        for length in (9..whole.len()).step_by(7) {
            let ran = place.run(&place.write("cut.csv", &whole[..length]), &[]);
            assert_eq!(
                (ran.code, ran.requests.as_str()),
                (4, ""),
                "{length}: {}",
                ran.told
            );
        }
        let mut damaged = whole.clone();
        damaged[60] ^= 0x55;
        let ran = place.run(&place.write("damaged.csv", &damaged), &[]);
        assert_eq!((ran.code, ran.requests.as_str()), (4, ""), "{}", ran.told);
        let again = pack(&whole).expect("as before");
        let ran = place.run(&place.write("twice.csv", again), &[]);
        assert!(
            ran.code == 4 && ran.told.contains("unpack it once"),
            "{}",
            ran.told
        );
    }
}
