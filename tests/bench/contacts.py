"""Contacts to measure with: deterministic, eighteen columns, some cells quoted, some over several lines, none of them wrong.

    python3 contacts.py ROWS FILE [EXTRA_COLUMNS]
"""

import random
import sys

COLUMNS = ("person_id,given_name,family_name,email,phone,organisation,street,town,region,postcode,country,time_zone,"
           "birthday,labels,origin,tier,points,remarks").split(",")

GIVEN = ("Ada Amir Anke Beatriz Bruno Carmen Chiara Dag Dilek Edda Emeka Esther Farid Freya Gita Goran Hana Hugo Ines Ivo "
         "Jonas Jutta Kofi Lena Liam Mei Milan Nadia Noor Olga Omar Paula Pekka Quinn Rana Ravi Rosa Samira Sven Tomas Uma "
         "Vera Walid Xenia Yann Zora Zoë Øyvind Łucja Ümit").split()
FAMILY = ("Abel Adeyemi Bauer Bergström Castro Cohen Dahl Dubois Eriksen Evans Fischer Fontaine Gallo Gupta Haddad Horvat "
          "Ito Ivanova Jansen Jensen Kaya Kelly Lange Levi Marín Moreau Nowak Núñez O'Hara Okafor Papadakis Petit Quist Ramos "
          "Rossi Sato Schäfer Silva Tanaka Torres Urban Vidal Vogel Weiss Wójcik Young Zimmer").split()
# Town, region, postcode pattern (# is a digit), country, time zone, and the phone numbers' beginning and length.
PLACES = [
    ("Boston", "MA", "021##", "US", "America/New_York", "+1617555", 12),
    ("Seattle", "WA", "981##", "US", "America/Los_Angeles", "+1206555", 12),
    ("Dallas", "TX", "752##", "US", "America/Chicago", "+1214555", 12),
    ("Manchester", "", "M# #AB", "GB", "Europe/London", "+441614960", 13),
    ("Köln", "NW", "506##", "DE", "Europe/Berlin", "+4922190", 13),
    ("Lyon", "", "690##", "FR", "Europe/Paris", "+33478", 12),
    ("Haifa", "", "31#####", "IL", "Asia/Jerusalem", "+97248", 12),
    ("Perth", "WA", "60##", "AU", "Australia/Perth", "+61892", 12),
    ("Malmö", "", "211 ##", "SE", "Europe/Stockholm", "+4640", 11),
    ("Cork", "", "T12 X#R#", "IE", "Europe/Dublin", "+353214", 12),
]
DOMAINS = ["example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "office.example.co.uk"]
STREETS = ["Mill Lane", "Station Road", "Rue de la Gare", "Lindenallee", "Harbour Street", "King's Road", "Bergweg", "5th Avenue"]
FIRMS = ["", "", "", "Nordlicht GmbH", "Brown, Green & Co", "Atelier Sept", 'The "Corner" Shop', "Harbour Foods Ltd", "Kite Works"]
LABELS = ["newsletter", "customer", "prospect", "fair 2026", "partner", "do not ring", "vip", "webinar", "lapsed"]
ORIGINS = ["import", "website", "referral", "advert", "event"]
TIERS = ["basic", "plus", "pro", "team"]
REMARKS = ["Wants to be called in the morning", "Asked for prices, twice", 'Said "maybe in spring"',
           "Two sites:\none in town, one by the sea", "Knows us from the fair", "Pays by invoice;\nreminders to the office",
           "Speaks English, French and some German"]


def quoted(cell):
    """A cell as CSV has it: in quotes where it must be."""
    if '"' in cell or "," in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def plain(name):
    """The letters of a name that an address can have."""
    return "".join(letter for letter in name.lower() if "a" <= letter <= "z") or "n"


def rows(count, extra=0, seed=26):
    """The records as text, line ends included."""
    dice = random.Random(seed)
    below = lambda most: int(dice.random() * most)
    one_of = lambda things: things[int(dice.random() * len(things))]
    given = [(name, plain(name)) for name in GIVEN]
    family = [(quoted(name), plain(name)) for name in FAMILY]
    firms, remarks = [[quoted(text) for text in texts] for texts in (FIRMS, REMARKS)]
    for number in range(1, count + 1):
        bits = f"{dice.getrandbits(128):032x}"
        person = f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-9{bits[17:20]}-{bits[20:]}"
        (first, first_plain), (last, last_plain) = one_of(given), one_of(family)
        town, region, pattern, country, zone, prefix, length = one_of(PLACES)
        digits = f"{below(10**8):08d}"
        postcode = pattern
        for digit in digits[: pattern.count("#")]:
            postcode = postcode.replace("#", digit, 1)
        phone = prefix + digits[: length - len(prefix)]
        street = f"{1 + below(220)} {one_of(STREETS)}"
        if dice.random() < 0.2:
            street = quoted(f"{street}, flat {1 + below(40)}")
        labels = ";".join(dict.fromkeys(one_of(LABELS) for _ in range(below(4))))
        birthday = "" if dice.random() < 0.2 else f"{1940 + below(66)}-{1 + below(12):02d}-{1 + below(28):02d}"
        remark = one_of(remarks) if dice.random() < 0.3 else ""
        more = "".join(f",extra text {below(1000)}" for _ in range(extra))
        yield (f"{person},{first},{last},{first_plain}.{last_plain}{number}@{one_of(DOMAINS)},{phone},{one_of(firms)},{street},"
               f"{town},{region},{postcode},{country},{zone},{birthday},{labels},{one_of(ORIGINS)},{one_of(TIERS)},"
               f"{below(1001)},{remark}{more}\n")


def write(path, count, extra=0):
    """A file of so many contacts, which appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    with open(part, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS + [f"extra_{number}" for number in range(1, extra + 1)]) + "\n")
        file.writelines(rows(count, extra))
    part.rename(path)


if __name__ == "__main__":
    from pathlib import Path

    write(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
