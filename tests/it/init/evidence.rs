//! What is proposed about values, and what is left to a person because the file does not tell.

use super::{lines, text, written};

fn line<'t>(text: &'t str, begins: &str) -> &'t str {
    text.lines()
        .find(|line| line.starts_with(begins))
        .unwrap_or_else(|| panic!("no line `{begins}`\n{text}"))
}

/// Two columns with their cells.
type Columns<'t> = [(&'t str, &'t [&'t str]); 2];

const ID: (&str, &[&str]) = ("HighLevel ID", &["a1", "a2", "a3", "a4"]);

#[test]
fn a_date_that_means_two_days_is_left_to_a_person() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("Email", &["a@example.com"]),
            ("Birthday", &["04/07/1988", "05/06/1990"]),
        ],
    );
    let line = line(&text, "# dateOfBirth = ");
    assert!(line.contains("format = \"%d/%m/%Y\""), "{line}");
    assert!(
        text.contains("say whether dates are `%d/%m/%Y` or `%m/%d/%Y`"),
        "{text}"
    );
    assert!(!lines(&written(&text)).contains_key("dateOfBirth"));
}

#[test]
fn a_date_with_a_day_over_twelve_is_proof() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("Birthday", &["04/07/1988", "21/11/1990", "30/06/1999"]),
        ],
    );
    assert!(
        line(&text, "dateOfBirth = ").contains("format = \"%d/%m/%Y\""),
        "{text}"
    );
    assert!(
        text.contains(
            "# 2 of 3 values have a day over 12 in the first place, such as `21/11/1990`"
        ),
        "{text}"
    );
}

#[test]
fn a_region_comes_from_the_country_beside_the_number() {
    let text = text(
        "highlevel",
        &[
            ID,
            (
                "Phone",
                &["(617) 555-0123", "617-555-0155", "+972 52-345-6781"],
            ),
            ("Country", &["United States", "US", "Israel"]),
        ],
    );
    assert!(
        line(&text, "phone = ").contains("region = \"US\""),
        "{text}"
    );
    assert!(
        line(&text, "country = ").contains(
            "lookup = { \"United States\" = \"US\", \"US\" = \"US\", \"Israel\" = \"IL\" }"
        ),
        "{text}"
    );
}

#[test]
fn a_region_that_nothing_tells_is_asked_for() {
    let phones: (&str, &[&str]) = ("Phone", &["6175550123", "6175550155", "2125550191"]);
    let mixed: (&str, &[&str]) = ("Country", &["United States", "Israel", "Israel"]);
    for columns in [
        &[ID, phones, ("Email", &["a@example.com"])][..],
        &[ID, phones, mixed],
    ] {
        let text = text("highlevel", columns);
        assert!(
            line(&text, "# phone = ").contains("region = \"US\""),
            "{text}"
        );
        assert!(!lines(&written(&text)).contains_key("phone"), "{text}");
    }
}

#[test]
fn a_few_national_numbers_among_many_others_do_not_keep_the_column_out() {
    let numbers: &[&str] = &[
        "+972 52-345-6781",
        "+49 30 23125 014",
        "+61 491 570 156",
        "6175550123",
    ];
    let text = text("highlevel", &[ID, ("Phone", numbers)]);
    assert!(
        line(&text, "phone = ").starts_with("phone = \"Phone\""),
        "{text}"
    );
    assert!(text.contains("# 1 of 4 values will be refused"), "{text}");
}

#[test]
fn words_for_yes_and_no_are_declared_as_found() {
    let text = text(
        "highlevel",
        &[ID, ("Opted out", &["ja", "nein", "vielleicht"])],
    );
    assert!(
        line(&text, "dnd = ").contains("true = [\"ja\"], false = [\"nein\"]"),
        "{text}"
    );
    assert!(text.contains("`vielleicht`"), "{text}");
    let text = self::text("highlevel", &[ID, ("Opted out", &["maybe", "perhaps"])]);
    assert!(
        line(&text, "# dnd = ").contains("true = [], false = []"),
        "{text}"
    );
}

#[test]
fn a_list_is_parted_by_what_stands_in_it() {
    for (cells, split) in [
        ("a;b", ";"),
        ("a ::: b", ":::"),
        ("a, b", ","),
        ("a|b", "|"),
    ] {
        let text = text("highlevel", &[ID, ("Tags", &[cells])]);
        assert!(text.contains(&format!("split = \"{split}\" }}")), "{text}");
    }
}

#[test]
fn columns_are_known_by_their_values_where_no_header_tells() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("Erreichbar", &["a@example.com", "b@example.com"]),
            ("Spalte 7", &["+972 52-345-6781", "+49 30 23125 014"]),
        ],
    );
    let lines = lines(&written(&text));
    assert_eq!(
        lines.get("email").map(String::as_str),
        Some("Erreichbar"),
        "{text}"
    );
    assert_eq!(
        lines.get("phone").map(String::as_str),
        Some("Spalte 7"),
        "{text}"
    );
    assert!(text.contains("# taken for this by its values, not by its header"));
}

#[test]
fn a_column_whose_values_are_something_else_waits_for_a_person() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("First Name", &["Dana"]),
            ("Email", &["yes", "no", "a@example.com"]),
        ],
    );
    line(&text, "# email = \"Email\"");
    assert!(
        text.contains("# Left to you: 2 of 3 values do not fit: `yes` has no @"),
        "{text}"
    );
}

#[test]
fn names_are_put_together_and_never_parted() {
    let names: (&str, &[&str]) = ("Name", &["Dana Levi", "Noa Cohen"]);
    let id: (&str, &[&str]) = ("Insighto UUID", &["6cad4a26-8d11-4ece-9738-f7d93d9c1724"]);
    let text = text("insighto", &[id, names, ("Email", &["a@example.com"])]);
    assert!(!lines(&written(&text)).contains_key("first_name"), "{text}");
    assert!(
        text.contains("keeps first and last name apart, and nobody but you can part them"),
        "{text}"
    );
    let parts: [(&str, &[&str]); 4] = [
        ("Chatwoot ID", &["1", "2"]),
        ("First", &["Dana", "Noa"]),
        ("Middle", &["", "R."]),
        ("Last", &["Levi", "Cohen"]),
    ];
    let text = self::text("99digital", &parts);
    assert!(
        line(&text, "name = ")
            .contains("template = \"{First} {Middle} {Last}\", clean = [\"collapse\"]"),
        "{text}"
    );
}

#[test]
fn a_word_that_is_a_whole_name_or_half_a_one_is_told_by_its_values() {
    let cases: [(Columns<'_>, &str, &str); 3] = [
        (
            [("Vorname", &["Dana", "Zoë"]), ("Name", &["Levi", "Müller"])],
            "Vorname",
            "Name",
        ),
        (
            [("Nombre", &["José"]), ("Apellidos", &["Núñez"])],
            "Nombre",
            "Apellidos",
        ),
        ([("שם", &["דנה"]), ("משפחה", &["לוי"])], "שם", "משפחה"),
    ];
    for (columns, first, last) in cases {
        let text = text("highlevel", &[&[ID][..], &columns].concat());
        let lines = lines(&written(&text));
        assert_eq!(
            lines.get("firstName").map(String::as_str),
            Some(first),
            "{text}"
        );
        assert_eq!(
            lines.get("lastName").map(String::as_str),
            Some(last),
            "{text}"
        );
    }
}

#[test]
fn the_parts_of_an_address_come_from_one_address() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("Business Street", &["Ahornweg 12", "", ""]),
            ("Business City", &["Potsdam", "", ""]),
            ("Home Street", &["", "Herzl 14", "Quay Road 3"]),
            ("Home City", &["", "Haifa", "Belfast"]),
        ],
    );
    let lines = lines(&written(&text));
    assert_eq!(
        lines.get("address1").map(String::as_str),
        Some("Home Street"),
        "{text}"
    );
    assert_eq!(
        lines.get("city").map(String::as_str),
        Some("Home City"),
        "{text}"
    );
    assert!(
        text.contains("`Business City`: another address of the file is used"),
        "{text}"
    );
}

#[test]
fn an_id_is_taken_by_its_form_and_never_from_what_is_no_id() {
    let name: (&str, &[&str]) = ("First Name", &["Dana", "Noa"]);
    let uuid = "6cad4a26-8d11-4ece-9738-f7d93d9c1724";
    let other: (&str, &[&str]) = ("Contact Id", &["u8jzPde0IgxLd6GncfBA"]);
    let text = text("insighto", &[name, other, ("Key", &[uuid])]);
    line(&text, "id = \"Key\"");
    assert!(
        text.contains("must hold the ids that Insighto itself gave"),
        "{text}"
    );
    // Phone numbers are digits, too, and so are the numbers of other things.
    let text = self::text(
        "99digital",
        &[
            name,
            ("Contact Number", &["972523456781"]),
            ("Owner ID", &["4"]),
        ],
    );
    assert!(!text.contains("\nid = "), "{text}");
    let text = self::text("99digital", &[name, ("Contact Number", &["4711", "4712"])]);
    line(&text, "id = \"Contact Number\"");
}

#[test]
fn a_column_that_is_there_twice_or_has_no_name_is_left_out() {
    let text = text(
        "highlevel",
        &[
            ID,
            ("Email", &["a@example.com"]),
            ("Phone", &["+972523456781"]),
            ("Phone", &["+972523456782"]),
            (" ", &["x"]),
        ],
    );
    assert!(!lines(&written(&text)).contains_key("phone"), "{text}");
    assert!(text.contains("the header has this name twice"), "{text}");
    assert!(text.contains("it has no name in the header"), "{text}");
}

#[test]
fn what_only_the_user_knows_is_asked_for() {
    let text = text("zingle", &[("First Name", &["Dana"])]);
    assert!(
        line(&text, "service_id = ").contains("# put yours here: "),
        "{text}"
    );
    line(&text, "token = { env = \"ZINGLE_TOKEN\" }");
    line(&text, "# password = { env = \"ZINGLE_PASSWORD\" }");
    line(&text, "# id = \"…\"");
    // A variable's name cannot begin with a digit.
    let text = self::text("99digital", &[("First Name", &["Dana"])]);
    line(&text, "token = { env = \"CHATWOOT_TOKEN\" }");
}
