//! The pure rooms by themselves: what a row costs in each of them. `cargo bench --bench rooms`, or one: `… -- reader`.

use std::hint::black_box;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use contact_sync::contact::{Contact, Row};
use contact_sync::delivery::pace::Pace;
use contact_sync::mapping::apply::Applied;
use contact_sync::mapping::check::check;
use contact_sync::mapping::reading;
use contact_sync::mistake::Written;
use contact_sync::provider::api::{Limit, Sure};
use contact_sync::provider::call::Account;
use contact_sync::provider::load::load;
use contact_sync::provider::reply::{self, Reply};
use contact_sync::provider::script::Script;
use contact_sync::source::{Input, open};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tempfile::NamedTempFile;

const ROWS: u64 = 1_000;
const HEADER: &str = "person_id,given_name,family_name,email,phone,organisation,street,town,region,postcode,country,time_zone,birthday,labels,origin,tier,points,remarks\n";
const SOME: [&str; 4] = [
    r#"Esther,Wójcik,esther@example.org,+12065550143,,5 Mill Lane,Seattle,WA,98101,US,America/Los_Angeles,1971-05-09,vip;lapsed,event,pro,17,"#,
    r#"Omar,"Haddad, Jr.",omar@mail.example.com,+97248123456,"The ""Corner"" Shop","8 Harbour Street, flat 2",Haifa,,3100001,IL,Asia/Jerusalem,,,website,basic,900,"Two sites:
one in town, one by the sea""#,
    "Zoë,Petit,zoe@example.net,+33478123456,Atelier Sept,44 Rue de la Gare,Lyon,,69003,FR,Europe/Paris,1990-12-31,newsletter,import,plus,0,",
    "Sven,Bergström,sven@post.example.org,+4640123456,,1 Bergweg,Malmö,,211 15,SE,Europe/Stockholm,1958-02-28,partner,referral,team,1000,Pays by invoice",
];
const ANSWER: &str = r#"{"ok":true,"contact":{"id":"5d1c2f6e-7a0b-4c3d-9e8f-0123456789ab","givenName":"Ada","familyName":"Bergström","email":"ada@example.org","phone":"+12025550143","town":"Boston","labels":["customer","newsletter"],"channels":{"mail":{"stopped":false},"phone":{"stopped":false}},"more":[{"key":"tier","value":"plus"},{"key":"points","value":512}],"changed":"2026-10-11T12:13:14.151Z"},"traceId":"00000000-0000-4000-8000-000000000200"}"#;

fn file() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    let mut text = HEADER.to_owned();
    for (number, row) in (1..=ROWS).zip(SOME.iter().cycle()) {
        text += &format!("{number:08x}-0000-4000-8000-000000000000,{row}\n");
    }
    file.write_all(text.as_bytes()).expect("room for it");
    file
}

fn written(name: &str, text: &str) -> Arc<Written> {
    Arc::new(Written {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

fn reader(bench: &mut Criterion) {
    let file = file();
    let input = Input::Path(file.path().to_owned());
    let sheet = open(&input).expect("a sound file");
    let mut group = bench.benchmark_group("reader");
    group.throughput(Throughput::Elements(ROWS));
    group.bench_function("check", |own| own.iter(|| open(black_box(&input)).is_ok()));
    group.bench_function("rows", |own| {
        own.iter(|| {
            let mut rows = sheet.rows().expect("a second pass");
            let mut row = Row::default();
            while rows.read(&mut row).expect("what was checked") {
                black_box(&row);
            }
        });
    });
    group.finish();
}

fn mapping(bench: &mut Criterion) {
    let api = load(&written("api.toml", include_str!("provider/api.toml"))).expect("a sound file");
    let text = written("contacts.toml", include_str!("contacts.toml"));
    let (read, _) = reading::read(&text);
    let checked = check(&read, &text, &api, None).expect("a sound mapping");
    let file = file();
    let sheet = open(&Input::Path(file.path().to_owned())).expect("a sound file");
    let bound = checked.mapping.bind(sheet.header(), "people.csv", &text);
    let bound = bound.expect("all columns are there");
    let mut rows = sheet.rows().expect("a second pass");
    let mut all = Vec::new();
    loop {
        let mut row = Row::default();
        if !rows.read(&mut row).expect("what was checked") {
            break;
        }
        all.push(row);
    }
    let mut contact = Contact::default();
    let mut group = bench.benchmark_group("mapping");
    group.throughput(Throughput::Elements(ROWS));
    group.bench_function("apply", |own| {
        own.iter(|| {
            for row in &all {
                assert_eq!(bound.apply(black_box(row), &mut contact), Applied::Ready);
            }
        });
    });
    let contacts = all.iter().map(|row| {
        let mut contact = Contact::default();
        bound.apply(row, &mut contact);
        contact
    });
    let contacts: Vec<Contact> = contacts.collect();
    let script = Script::new(
        &api,
        &api.auth[0],
        &Account::default(),
        "https://target.example",
        checked.plan,
    );
    let script = script.expect("a script");
    group.bench_function("render", |own| {
        own.iter(|| {
            for contact in &contacts {
                black_box(script.update(black_box(contact), &contact.id));
            }
        });
    });
    group.finish();
}

fn answers(bench: &mut Criterion) {
    let api = load(&written("api.toml", include_str!("provider/api.toml"))).expect("a sound file");
    let reply = Reply {
        status: 200,
        body: ANSWER.into(),
        ..Reply::default()
    };
    bench.bench_function("reply/read", |own| {
        own.iter(|| reply::read(&api, black_box(&reply)))
    });
}

/// What a turn costs of the processor: time is virtual, so nobody waits for it.
fn limiter(bench: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let mut group = bench.benchmark_group("limiter");
    for (name, requests, per) in [("10/s", 10, 1), ("5000/s", 5_000, 1), ("100/10s", 100, 10)] {
        let limit = Limit {
            requests,
            per: Duration::from_secs(per),
            sure: Sure::Official,
        };
        group.bench_function(name, |own| {
            own.iter_batched_ref(
                || Pace::new(std::slice::from_ref(&limit)),
                |pace| {
                    runtime.block_on(async {
                        for _ in 0..100 {
                            pace.turn().await.expect("nothing stops the pace");
                        }
                    });
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = rooms;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    targets = reader, mapping, answers, limiter
}
criterion_main!(rooms);
