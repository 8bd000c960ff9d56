//! What may stand in a source file and how long it may be: printing, short ways, strict tables, names.

use super::{none, says, sources};

#[test]
fn only_the_report_room_prints() {
    let ways = [
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "dbg!",
        "stdout()",
        "stderr()",
    ];
    let mut offences = Vec::new();
    for source in sources("src") {
        for (line, code) in source.code() {
            for way in ways.iter().filter(|way| says(code, way)) {
                // Macros that panic on a closed stream are forbidden there too.
                if source.room() != "report" || way.ends_with('!') {
                    offences.push(format!("{}:{line}: `{way}`", source.path));
                }
            }
        }
    }
    none("only report prints, and never by macros", &offences);
}

#[test]
fn nothing_in_the_sources_takes_the_short_way() {
    let short = [
        (".unwrap()", "a panic is always a bug"),
        ("allow(", "write `#[expect(…, reason = \"…\")]`"),
        ("todo!", "finish it"),
        ("unimplemented!", "finish it"),
        ("serde(untagged", "it ruins messages and places"),
        ("serde(flatten", "it ruins messages and places"),
    ];
    let mut offences = Vec::new();
    for source in sources("src") {
        for (line, code) in source.own_code() {
            for (word, why) in short {
                let found = match word.starts_with('.') {
                    true => code.contains(word),
                    false => says(code, word),
                };
                if found {
                    offences.push(format!("{}:{line}: `{word}`; {why}", source.path));
                }
            }
        }
    }
    none("short ways", &offences);
}

#[test]
fn what_people_write_by_hand_is_read_strictly() {
    let mut offences = Vec::new();
    for source in sources("src") {
        if !matches!(source.room(), "mapping" | "provider") {
            continue;
        }
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let derives =
                line.trim_start().starts_with("#[derive(") && line.contains("Deserialize");
            let Some(end) = lines[at..]
                .iter()
                .position(|line| line.contains("struct ") || line.contains("enum "))
            else {
                continue;
            };
            let head = &lines[at..=at + end];
            let is_table = head[end].contains("struct ") && head[end].ends_with('{');
            if derives && is_table && !head.iter().any(|line| line.contains("deny_unknown_fields"))
            {
                offences.push(format!("{}:{}: {}", source.path, at + 1, head[end]));
            }
        }
    }
    none("tables that take unknown keys without a word", &offences);
}

#[test]
fn every_file_is_short_and_says_what_it_owns() {
    let mut offences = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests/it")) {
        let lines = source.text.lines().count();
        if lines > 400 {
            offences.push(format!("{} has {lines} lines; 400 are enough", source.path));
        }
        if !source.text.starts_with("//! ") {
            offences.push(format!(
                "{} does not begin with what it owns (`//! …`)",
                source.path
            ));
        }
    }
    none("files", &offences);
}

#[test]
fn names_are_nouns_that_a_user_would_say() {
    let files = ["utils", "util", "common", "helper", "helpers", "misc"];
    let types = ["Manager", "Handler", "Helper", "Util", "Utils"];
    let mut offences = Vec::new();
    for source in sources("src") {
        if source
            .path
            .split(['/', '.'])
            .any(|part| files.contains(&part))
        {
            offences.push(source.path.clone());
        }
        for (line, code) in source.code() {
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let name = words
                .by_ref()
                .find(|word| matches!(*word, "struct" | "enum" | "trait"))
                .and_then(|_| words.next());
            if let Some(name) = name.filter(|name| types.iter().any(|end| name.ends_with(end))) {
                offences.push(format!("{}:{line}: `{name}`", source.path));
            }
        }
    }
    none("names that say nothing", &offences);
}
