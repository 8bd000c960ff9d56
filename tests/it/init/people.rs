//! The people in the exports, all made up, and the exports themselves: header, what the column means, cells.

/// A column: its header in English and in Hebrew, what it is about (empty where no provider here has a field for it,
/// or another column says it better), and its cells.
pub(crate) type Column = (&'static str, &'static str, &'static str, Cells);

type Cells = [&'static str; 5];

const BLANK: Cells = [""; 5];
const FIRST: Cells = ["Dana", "נועה", "Zoë", "José", "Orla"];
const LAST: Cells = ["Levi", "כהן", "Müller", "Núñez", "O'Brien"];
const FULL: Cells = [
    "Dana Levi",
    "נועה כהן",
    "Zoë Müller",
    "José Núñez",
    "Orla O'Brien",
];
const EMAIL: Cells = [
    "dana.levi@example.com",
    "noa.cohen@example.org",
    "zoe.mueller@example.com",
    "jose.nunez@example.org",
    "orla.obrien@example.com",
];
const MOBILE: Cells = [
    "+972 52-345-6781",
    "+972 52-345-6782",
    "+49 30 23125 014",
    "+61 491 570 156",
    "+44 28 9649 6012",
];
const ISRAELI: Cells = [
    "052-345-6781",
    "052-345-6782",
    "03-612-3456",
    "054-234-5671",
    "053-234-5672",
];
const AMERICAN: Cells = [
    "(617) 555-0123",
    "(617) 555-0177",
    "202-555-0148",
    "(212) 555-0191",
    "617-555-0155",
];
const STREET: Cells = [
    "Herzl 14",
    "דיזנגוף 99",
    "Lindenstraße 7b",
    "Wattle Street 210",
    "Quay Road 3",
];
const CITY: Cells = ["Haifa", "תל אביב", "Berlin", "Sydney", "Belfast"];
const STATE: Cells = ["Haifa", "Tel Aviv", "Berlin", "NSW", "NI"];
const ZIP: Cells = ["3303314", "6433222", "10969", "02007", "BT1 3LL"];
const COUNTRY: Cells = ["Israel", "ישראל", "Germany", "Australia", "United Kingdom"];
const ISRAEL: Cells = ["Israel"; 5];
const AMERICA: Cells = ["United States of America"; 5];
const CODE: Cells = ["IL", "IL", "DE", "AU", "GB"];
const ISO: Cells = [
    "1988-07-04",
    "1992-11-21",
    "1979-01-30",
    "1985-08-15",
    "2000-02-02",
];
const DAY_FIRST: Cells = [
    "04/07/1988",
    "21/11/1992",
    "30/01/1979",
    "15/08/1985",
    "02/02/2000",
];
const MONTH_FIRST: Cells = [
    "7/4/1988",
    "11/21/1992",
    "1/30/1979",
    "8/15/1985",
    "2/2/2000",
];
const COMPANY: Cells = ["Orchard Ltd", "", "Linden GmbH", "Wattle Pty", ""];
const TITLE: Cells = ["Buyer", "", "Head of sales", "", "Owner"];
const WEB: Cells = [
    "https://example.com/dana",
    "",
    "https://example.org",
    "",
    "",
];
const NOTES: Cells = ["Prefers e-mail", "", "", "met in 2025", ""];
const SOURCE: Cells = ["Web", "Referral", "Web", "Event", "Web"];
const SEEN: Cells = [
    "2026-01-12T08:30:00Z",
    "2026-02-01T17:05:09Z",
    "",
    "2026-01-31T00:00:00Z",
    "",
];
const MADE: Cells = [
    "2025-03-01 10:00",
    "2025-03-02 11:30",
    "2025-04-01 09:15",
    "2025-05-05 16:45",
    "2025-06-01 08:00",
];

/// Every export.
pub(crate) const EXPORTS: [(&str, &[Column]); 12] = [
    ("google-new", GOOGLE_NEW),
    ("google-old", GOOGLE_OLD),
    ("outlook", OUTLOOK),
    ("hubspot", HUBSPOT),
    ("salesforce-report", SALESFORCE_REPORT),
    ("salesforce-loader", SALESFORCE_LOADER),
    ("mailchimp", MAILCHIMP),
    ("chatwoot", CHATWOOT),
    ("highlevel", HIGHLEVEL),
    ("linkedin", LINKEDIN),
    ("odoo", ODOO),
    ("by-hand", BY_HAND),
];

const GOOGLE_NEW: &[Column] = &[
    ("First Name", "שם פרטי", "first", FIRST),
    ("Middle Name", "שם אמצעי", "", BLANK),
    ("Last Name", "שם משפחה", "last", LAST),
    ("Phonetic First Name", "שם פרטי פונטי", "", BLANK),
    ("Nickname", "כינוי", "", BLANK),
    ("File As", "שמירה בשם", "", BLANK),
    ("Organization Name", "שם ארגון", "company", COMPANY),
    ("Organization Title", "תפקיד", "", TITLE),
    ("Birthday", "יום הולדת", "birthday", ISO),
    ("Notes", "הערות", "", NOTES),
    ("Photo", "תמונה", "photo", WEB),
    (
        "Labels",
        "תוויות",
        "tags",
        [
            "* myContacts",
            "* myContacts ::: Friends",
            "* myContacts",
            "Work ::: * myContacts",
            "* myContacts",
        ],
    ),
    (
        "E-mail 1 - Label",
        "אימייל 1 - תווית",
        "",
        ["* Home", "* Work", "* Home", "* Home", "* Other"],
    ),
    ("E-mail 1 - Value", "אימייל 1 - ערך", "email", EMAIL),
    ("E-mail 2 - Label", "אימייל 2 - תווית", "", BLANK),
    ("E-mail 2 - Value", "אימייל 2 - ערך", "", BLANK),
    (
        "Phone 1 - Label",
        "טלפון 1 - תווית",
        "",
        ["Mobile", "Mobile", "Work", "Mobile", "Home"],
    ),
    ("Phone 1 - Value", "טלפון 1 - ערך", "phone", MOBILE),
    (
        "Phone 2 - Value",
        "טלפון 2 - ערך",
        "",
        ["", "", "+49 30 23125 077", "", ""],
    ),
    (
        "Address 1 - Label",
        "כתובת 1 - תווית",
        "",
        ["Home", "Home", "Work", "Home", "Home"],
    ),
    ("Address 1 - Formatted", "כתובת 1 - מלאה", "", STREET),
    ("Address 1 - Street", "כתובת 1 - רחוב", "street", STREET),
    ("Address 1 - City", "כתובת 1 - עיר", "city", CITY),
    ("Address 1 - PO Box", "כתובת 1 - תיבת דואר", "", BLANK),
    ("Address 1 - Region", "כתובת 1 - מחוז", "state", STATE),
    ("Address 1 - Postal Code", "כתובת 1 - מיקוד", "zip", ZIP),
    ("Address 1 - Country", "כתובת 1 - ארץ", "country", CODE),
    (
        "Address 2 - City",
        "כתובת 2 - עיר",
        "",
        ["", "", "Potsdam", "", ""],
    ),
    ("Website 1 - Value", "אתר 1 - ערך", "website", WEB),
];

const GOOGLE_OLD: &[Column] = &[
    ("Name", "שם", "full", FULL),
    ("Given Name", "שם פרטי", "first", FIRST),
    ("Additional Name", "שם אמצעי", "", BLANK),
    ("Family Name", "שם משפחה", "last", LAST),
    ("Yomi Name", "שם יומי", "", BLANK),
    ("Birthday", "תאריך לידה", "birthday", ISO),
    ("Gender", "מין", "", BLANK),
    ("Notes", "הערות", "", NOTES),
    ("Language", "שפה", "", BLANK),
    ("Photo", "תמונה", "photo", BLANK),
    (
        "Group Membership",
        "קבוצות",
        "tags",
        [
            "* myContacts",
            "Friends ::: * myContacts",
            "* myContacts",
            "* myContacts",
            "* myContacts",
        ],
    ),
    (
        "E-mail 1 - Type",
        "דוא\"ל 1 - סוג",
        "",
        ["* Home", "* Work", "* Home", "* Home", "* Other"],
    ),
    ("E-mail 1 - Value", "דוא\"ל 1 - ערך", "email", EMAIL),
    (
        "Phone 1 - Type",
        "טל' 1 - סוג",
        "",
        ["Mobile", "Mobile", "Work", "Mobile", "Home"],
    ),
    ("Phone 1 - Value", "טל' 1 - ערך", "phone", MOBILE),
    ("Address 1 - Type", "כתובת 1 - סוג", "", ["Home"; 5]),
    ("Address 1 - Street", "כתובת 1 - רחוב", "street", STREET),
    ("Address 1 - City", "כתובת 1 - עיר", "city", CITY),
    ("Address 1 - Region", "כתובת 1 - מחוז", "state", STATE),
    ("Address 1 - Postal Code", "כתובת 1 - מיקוד", "zip", ZIP),
    ("Address 1 - Country", "כתובת 1 - מדינה", "country", COUNTRY),
    ("Organization 1 - Name", "שם חברה", "company", COMPANY),
    ("Organization 1 - Title", "תפקיד", "", TITLE),
    ("Website 1 - Value", "אתר 1 - ערך", "website", WEB),
];

const OUTLOOK: &[Column] = &[
    ("Title", "תואר", "", ["Ms", "", "Dr", "", ""]),
    ("First Name", "שם פרטי", "first", FIRST),
    ("Middle Name", "שם אמצעי", "", BLANK),
    ("Last Name", "שם משפחה", "last", LAST),
    ("Company", "חברה", "company", COMPANY),
    ("Department", "מחלקה", "", BLANK),
    ("Job Title", "תפקיד", "", TITLE),
    (
        "Business Street",
        "רחוב (עסק)",
        "",
        ["", "", "Ahornweg 12", "", ""],
    ),
    (
        "Business City",
        "עיר (עסק)",
        "",
        ["", "", "Potsdam", "", ""],
    ),
    ("Business State", "מחוז (עסק)", "", BLANK),
    (
        "Business Postal Code",
        "מיקוד (עסק)",
        "",
        ["", "", "14467", "", ""],
    ),
    ("Business Country/Region", "ארץ/אזור (עסק)", "", BLANK),
    ("Home Street", "רחוב (בית)", "street", STREET),
    ("Home City", "עיר (בית)", "city", CITY),
    ("Home State", "מחוז (בית)", "state", STATE),
    ("Home Postal Code", "מיקוד (בית)", "zip", ZIP),
    ("Home Country/Region", "ארץ/אזור (בית)", "country", AMERICA),
    ("Business Fax", "פקס בעבודה", "", BLANK),
    (
        "Business Phone",
        "טלפון בעבודה",
        "",
        ["", "", "(617) 555-0101", "", ""],
    ),
    ("Home Phone", "טלפון בבית", "", BLANK),
    ("Mobile Phone", "טלפון נייד", "phone", AMERICAN),
    ("Birthday", "יום הולדת", "birthday", MONTH_FIRST),
    (
        "Categories",
        "קטגוריות",
        "tags",
        ["Friends;Sales", "", "Sales", "", ""],
    ),
    ("E-mail Address", "כתובת דואר אלקטרוני", "email", EMAIL),
    ("E-mail Type", "סוג דואר אלקטרוני", "", ["SMTP"; 5]),
    ("E-mail 2 Address", "כתובת דואר אלקטרוני 2", "", BLANK),
    ("Notes", "הערות", "", NOTES),
    ("Web Page", "אתר אינטרנט", "website", WEB),
];

const HUBSPOT: &[Column] = &[
    (
        "Record ID - Contact",
        "מזהה רשומה",
        "external",
        ["551", "601", "651", "701", "751"],
    ),
    ("First Name", "שם פרטי", "first", FIRST),
    ("Last Name", "שם משפחה", "last", LAST),
    ("Email", "אימייל", "email", EMAIL),
    ("Phone Number", "מספר טלפון", "phone", ISRAELI),
    (
        "Contact owner",
        "אחראי",
        "",
        ["Mia Example", "", "", "", ""],
    ),
    ("Associated Company", "שם חברה", "company", COMPANY),
    (
        "Last Activity Date",
        "תאריך פעילות אחרון",
        "",
        ["2026-01-12 08:30", "", "", "", ""],
    ),
    ("Lead Status", "סטטוס", "", ["New", "Open", "New", "", ""]),
    ("Street Address", "רחוב", "street", STREET),
    ("City", "עיר", "city", CITY),
    ("State/Region", "מחוז", "state", STATE),
    ("Postal Code", "מיקוד", "zip", ZIP),
    ("Country/Region", "מדינה", "country", ISRAEL),
    ("Original Source", "מקור", "source", SOURCE),
    ("Create Date", "תאריך יצירה", "", MADE),
];

const SALESFORCE_REPORT: &[Column] = &[
    (
        "Contact ID",
        "מזהה איש קשר",
        "external",
        [
            "003Ab00000AAAA1",
            "003Ab00000AAAA2",
            "003Ab00000AAAA3",
            "003Ab00000AAAA4",
            "003Ab00000AAAA5",
        ],
    ),
    ("Salutation", "תואר", "", ["Ms.", "", "Dr.", "", ""]),
    ("First Name", "שם פרטי", "first", FIRST),
    ("Last Name", "שם משפחה", "last", LAST),
    ("Title", "תפקיד", "", TITLE),
    ("Account Name", "שם החברה", "company", COMPANY),
    ("Mailing Street", "רחוב למשלוח", "street", STREET),
    ("Mailing City", "עיר למשלוח", "city", CITY),
    ("Mailing State/Province", "מחוז למשלוח", "state", STATE),
    ("Mailing Zip/Postal Code", "מיקוד למשלוח", "zip", ZIP),
    ("Mailing Country", "מדינה למשלוח", "country", COUNTRY),
    ("Phone", "טלפון", "", ["", "", "+49 30 23125 077", "", ""]),
    ("Mobile", "נייד", "phone", MOBILE),
    ("Email", "דוא״ל", "email", EMAIL),
    ("Birthdate", "תאריך לידה", "birthday", MONTH_FIRST),
    ("Lead Source", "מקור ליד", "source", SOURCE),
    ("Contact Owner", "אחראי", "", ["Mia Example"; 5]),
];

const SALESFORCE_LOADER: &[Column] = &[
    (
        "Id",
        "מזהה",
        "external",
        [
            "003Ab00000AAAA1AAA",
            "003Ab00000AAAA2AAA",
            "003Ab00000AAAA3AAA",
            "003Ab00000AAAA4AAA",
            "003Ab00000AAAA5AAA",
        ],
    ),
    (
        "AccountId",
        "מזהה חשבון",
        "",
        ["001Ab00000BBBB1AAA", "", "001Ab00000BBBB2AAA", "", ""],
    ),
    ("LastName", "שם_משפחה", "last", LAST),
    ("FirstName", "שם_פרטי", "first", FIRST),
    ("Name", "שם_מלא", "full", FULL),
    ("MailingStreet", "רחוב_למשלוח", "street", STREET),
    ("MailingCity", "עיר_למשלוח", "city", CITY),
    ("MailingState", "מחוז_למשלוח", "state", STATE),
    ("MailingPostalCode", "מיקוד_למשלוח", "zip", ZIP),
    ("MailingCountry", "מדינה_למשלוח", "country", COUNTRY),
    ("OtherCity", "עיר נוספת", "", BLANK),
    ("Phone", "טלפון", "", ["", "", "+49 30 23125 077", "", ""]),
    ("MobilePhone", "טלפון_נייד", "phone", MOBILE),
    ("Fax", "פקס", "", BLANK),
    ("Email", "דואל", "email", EMAIL),
    ("LeadSource", "מקור_ליד", "source", SOURCE),
    ("Birthdate", "תאריך_לידה", "birthday", ISO),
    ("OwnerId", "מזהה אחראי", "", ["005Ab00000CCCC1AAA"; 5]),
    ("CreatedDate", "נוצר", "", ["2025-03-01T10:00:00.000Z"; 5]),
];

const MAILCHIMP: &[Column] = &[
    ("Email Address", "כתובת אימייל", "email", EMAIL),
    ("First Name", "שם פרטי", "first", FIRST),
    ("Last Name", "שם משפחה", "last", LAST),
    (
        "Address",
        "כתובת",
        "street",
        [
            "Herzl 14  Haifa  3303314  IL",
            "",
            "",
            "Wattle Street 210  Sydney",
            "",
        ],
    ),
    ("Phone Number", "טלפון", "phone", MOBILE),
    (
        "Birthday",
        "יום הולדת",
        "",
        ["07/04", "11/21", "01/30", "08/15", "02/02"],
    ),
    ("MEMBER_RATING", "דירוג", "", ["2", "3", "2", "4", "2"]),
    ("OPTIN_TIME", "זמן הצטרפות", "", MADE),
    ("CONFIRM_TIME", "זמן אישור", "", MADE),
    ("LATITUDE", "קו רוחב", "", BLANK),
    (
        "TIMEZONE",
        "אזור זמן",
        "zone",
        [
            "Asia/Jerusalem",
            "Asia/Jerusalem",
            "Europe/Berlin",
            "Australia/Sydney",
            "Europe/London",
        ],
    ),
    ("CC", "קוד מדינה", "code", CODE),
    ("REGION", "אזור", "state", BLANK),
    (
        "LEID",
        "קוד פנימי",
        "",
        ["100201", "100202", "100203", "100204", "100205"],
    ),
    (
        "EUID",
        "קוד ייחודי",
        "external",
        [
            "a1b2c3d401",
            "a1b2c3d402",
            "a1b2c3d403",
            "a1b2c3d404",
            "a1b2c3d405",
        ],
    ),
    ("NOTES", "הערות", "", NOTES),
    (
        "TAGS",
        "תגיות",
        "tags",
        ["Customer,VIP", "Newsletter", "", "Customer", ""],
    ),
];

const CHATWOOT: &[Column] = &[
    (
        "id",
        "מזהה",
        "",
        ["10156", "38959", "66066", "96609", "42123"],
    ),
    ("name", "שם", "full", FULL),
    ("email", "אימייל", "email", EMAIL),
    (
        "phone_number",
        "מספר טלפון",
        "phone",
        [
            "+972523456781",
            "+972523456782",
            "+493023125014",
            "+61491570156",
            "+442896496012",
        ],
    ),
    (
        "identifier",
        "מזהה חיצוני",
        "external",
        ["c-1", "c-2", "c-3", "c-4", "c-5"],
    ),
    ("company_name", "שם חברה", "company", COMPANY),
    ("city", "עיר", "city", CITY),
    ("country", "ארץ", "country", COUNTRY),
    ("country_code", "קוד מדינה", "code", CODE),
    ("avatar_url", "תמונה", "photo", WEB),
    ("last_activity_at", "נראה לאחרונה", "seen", SEEN),
    ("created_at", "נוצר בתאריך", "", MADE),
];

const HIGHLEVEL: &[Column] = &[
    (
        "Contact Id",
        "מזהה איש קשר",
        "external",
        [
            "u8jzPde0IgxLd6GncfBA",
            "d0Kh8oOOL8dKLzdocJ2i",
            "KtJ0RlgLKOmxgJTeKdNn",
            "uDL7DxtpYlSXpfKtHF4v",
            "ehGAkWvj7FAc9QeWJKY4",
        ],
    ),
    ("First Name", "שם פרטי", "first", FIRST),
    ("Last Name", "שם משפחה", "last", LAST),
    ("Business Name", "שם העסק", "company", COMPANY),
    ("Phone", "טלפון", "phone", MOBILE),
    ("Email", "דואר אלקטרוני", "email", EMAIL),
    ("Created", "נוצר", "", MADE),
    ("Last Activity", "פעילות אחרונה", "", BLANK),
    (
        "Tags",
        "תגיות",
        "tags",
        ["customer,vip", "newsletter", "", "customer", ""],
    ),
    (
        "DND",
        "לא לפנות",
        "dnd",
        ["false", "true", "false", "false", "true"],
    ),
];

const LINKEDIN: &[Column] = &[
    ("First Name", "שם פרטי", "first", FIRST),
    ("Last Name", "שם משפחה", "last", LAST),
    (
        "URL",
        "אתר",
        "website",
        [
            "https://example.com/in/1",
            "https://example.com/in/2",
            "https://example.com/in/3",
            "https://example.com/in/4",
            "https://example.com/in/5",
        ],
    ),
    (
        "Email Address",
        "כתובת אימייל",
        "email",
        [
            "dana.levi@example.com",
            "",
            "",
            "",
            "orla.obrien@example.com",
        ],
    ),
    ("Company", "חברה", "company", COMPANY),
    ("Position", "תפקיד", "", TITLE),
    (
        "Connected On",
        "התחברות",
        "",
        [
            "04 Jul 2024",
            "21 Nov 2023",
            "30 Jan 2022",
            "15 Aug 2021",
            "02 Feb 2020",
        ],
    ),
];

const ODOO: &[Column] = &[
    ("Name", "שם", "full", FULL),
    ("Company Name", "שם החברה", "company", COMPANY),
    ("Email", "דוא\"ל", "email", EMAIL),
    ("Phone", "טלפון", "", ["", "", "+49 30 23125 077", "", ""]),
    ("Mobile", "נייד", "phone", MOBILE),
    ("Street", "רחוב", "street", STREET),
    ("Street2", "כתובת 2", "", BLANK),
    ("City", "עיר", "city", CITY),
    ("State", "מחוז", "state", STATE),
    ("Zip", "מיקוד", "zip", ZIP),
    ("Country", "מדינה", "country", COUNTRY),
    ("Website", "אתר", "website", WEB),
    (
        "Tags",
        "תגיות",
        "tags",
        ["Customer,VIP", "Customer", "", "", ""],
    ),
    ("Job Position", "תפקיד", "", TITLE),
];

const BY_HAND: &[Column] = &[
    ("name", "שם מלא", "full", FULL),
    ("cell", "נייד", "phone", ISRAELI),
    ("mail", "מייל", "email", EMAIL),
    ("address", "כתובת", "street", STREET),
    ("town", "ישוב", "city", CITY),
    ("zip", "מיקוד", "zip", ZIP),
    ("d.o.b.", "ת. לידה", "birthday", DAY_FIRST),
    (
        "opted out",
        "ביקש הסרה",
        "dnd",
        ["לא", "כן", "לא", "", "לא"],
    ),
    ("comments", "הערות", "", NOTES),
];
