//! The people in the exports, all made up, and which exports there are.

use super::{books, systems};

/// A column: its header in English and in Hebrew, what it is about (empty where no provider here has a field for it,
/// or another column says it better), and its cells.
pub(crate) type Column = (&'static str, &'static str, &'static str, Cells);

pub(crate) type Cells = [&'static str; 5];

pub(crate) const BLANK: Cells = [""; 5];
pub(crate) const FIRST: Cells = ["Dana", "נועה", "Zoë", "José", "Orla"];
pub(crate) const LAST: Cells = ["Levi", "כהן", "Müller", "Núñez", "O'Brien"];
pub(crate) const FULL: Cells = [
    "Dana Levi",
    "נועה כהן",
    "Zoë Müller",
    "José Núñez",
    "Orla O'Brien",
];
pub(crate) const EMAIL: Cells = [
    "dana.levi@example.com",
    "noa.cohen@example.org",
    "zoe.mueller@example.com",
    "jose.nunez@example.org",
    "orla.obrien@example.com",
];
pub(crate) const MOBILE: Cells = [
    "+972 52-345-6781",
    "+972 52-345-6782",
    "+49 30 23125 014",
    "+61 491 570 156",
    "+44 28 9649 6012",
];
pub(crate) const ISRAELI: Cells = [
    "052-345-6781",
    "052-345-6782",
    "03-612-3456",
    "054-234-5671",
    "053-234-5672",
];
pub(crate) const AMERICAN: Cells = [
    "(617) 555-0123",
    "(617) 555-0177",
    "202-555-0148",
    "(212) 555-0191",
    "617-555-0155",
];
pub(crate) const STREET: Cells = [
    "Herzl 14",
    "דיזנגוף 99",
    "Lindenstraße 7b",
    "Wattle Street 210",
    "Quay Road 3",
];
pub(crate) const CITY: Cells = ["Haifa", "תל אביב", "Berlin", "Sydney", "Belfast"];
pub(crate) const STATE: Cells = ["Haifa", "Tel Aviv", "Berlin", "NSW", "NI"];
pub(crate) const ZIP: Cells = ["3303314", "6433222", "10969", "02007", "BT1 3LL"];
pub(crate) const COUNTRY: Cells = ["Israel", "ישראל", "Germany", "Australia", "United Kingdom"];
pub(crate) const ISRAEL: Cells = ["Israel"; 5];
pub(crate) const AMERICA: Cells = ["United States of America"; 5];
pub(crate) const CODE: Cells = ["IL", "IL", "DE", "AU", "GB"];
pub(crate) const ISO: Cells = [
    "1988-07-04",
    "1992-11-21",
    "1979-01-30",
    "1985-08-15",
    "2000-02-02",
];
pub(crate) const DAY_FIRST: Cells = [
    "04/07/1988",
    "21/11/1992",
    "30/01/1979",
    "15/08/1985",
    "02/02/2000",
];
pub(crate) const MONTH_FIRST: Cells = [
    "7/4/1988",
    "11/21/1992",
    "1/30/1979",
    "8/15/1985",
    "2/2/2000",
];
pub(crate) const COMPANY: Cells = ["Orchard Ltd", "", "Linden GmbH", "Wattle Pty", ""];
pub(crate) const TITLE: Cells = ["Buyer", "", "Head of sales", "", "Owner"];
pub(crate) const WEB: Cells = [
    "https://example.com/dana",
    "",
    "https://example.org",
    "",
    "",
];
pub(crate) const NOTES: Cells = ["Prefers e-mail", "", "", "met in 2025", ""];
pub(crate) const SOURCE: Cells = ["Web", "Referral", "Web", "Event", "Web"];
pub(crate) const SEEN: Cells = [
    "2026-01-12T08:30:00Z",
    "2026-02-01T17:05:09Z",
    "",
    "2026-01-31T00:00:00Z",
    "",
];
pub(crate) const MADE: Cells = [
    "2025-03-01 10:00",
    "2025-03-02 11:30",
    "2025-04-01 09:15",
    "2025-05-05 16:45",
    "2025-06-01 08:00",
];

/// Every export.
pub(crate) const EXPORTS: [(&str, &[Column]); 12] = [
    ("google-new", books::GOOGLE_NEW),
    ("google-old", books::GOOGLE_OLD),
    ("outlook", books::OUTLOOK),
    ("hubspot", systems::HUBSPOT),
    ("salesforce-report", systems::SALESFORCE_REPORT),
    ("salesforce-loader", systems::SALESFORCE_LOADER),
    ("mailchimp", systems::MAILCHIMP),
    ("chatwoot", systems::CHATWOOT),
    ("highlevel", systems::HIGHLEVEL),
    ("linkedin", books::LINKEDIN),
    ("odoo", systems::ODOO),
    ("by-hand", books::BY_HAND),
];
