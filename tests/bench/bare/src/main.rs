//! A bare loop around `reqwest`: a row is read, written as JSON and sent, many at once, and a line of its answer kept. It
//! checks nothing, keeps no limit, remembers nothing and gives up at the first trouble.
//!
//! `bare FILE ROWS REPORT URL IN_FLIGHT`

use std::error::Error;
use std::fs::File;

use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Row<'a> {
    person_id: &'a str,
    given_name: &'a str,
    family_name: &'a str,
    email: &'a str,
    phone: &'a str,
    organisation: &'a str,
    street: &'a str,
    town: &'a str,
    region: &'a str,
    postcode: &'a str,
    country: &'a str,
    time_zone: &'a str,
    birthday: &'a str,
    labels: &'a str,
    origin: &'a str,
    tier: &'a str,
    points: u32,
    remarks: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    given_name: &'a str,
    family_name: &'a str,
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    organisation: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    street: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    town: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    region: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    postcode: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    country: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    time_zone: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    birthday: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    origin: &'a str,
    more: Vec<More<'a>>,
}

#[derive(Serialize)]
struct More<'a> {
    key: &'a str,
    value: Value<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(&'a str),
    Number(u32),
}

fn body(row: &Row<'_>) -> serde_json::Result<Vec<u8>> {
    let text = |key, value| More {
        key,
        value: Value::Text(value),
    };
    let mut more = vec![text("tier", row.tier)];
    more.push(More {
        key: "points",
        value: Value::Number(row.points),
    });
    if !row.remarks.is_empty() {
        more.push(text("remarks", row.remarks));
    }
    serde_json::to_vec(&Body {
        given_name: row.given_name,
        family_name: row.family_name,
        email: row.email,
        phone: row.phone,
        organisation: row.organisation,
        street: row.street,
        town: row.town,
        region: row.region,
        postcode: row.postcode,
        country: row.country,
        time_zone: row.time_zone,
        birthday: row.birthday,
        labels: row
            .labels
            .split(';')
            .filter(|label| !label.is_empty())
            .collect(),
        origin: row.origin,
        more,
    })
}

async fn send_all(words: &[String]) -> Result<(), Box<dyn Error>> {
    let [file, rows, report, url, in_flight] = words else {
        return Err("bare FILE ROWS REPORT URL IN_FLIGHT".into());
    };
    let client = reqwest::Client::builder()
        .no_proxy()
        .tcp_nodelay(true)
        .timeout(std::time::Duration::from_secs(30))
        .build()?;
    let mut reader = csv::Reader::from_reader(File::open(file)?);
    let header = reader.headers()?.clone();
    let mut report = csv::Writer::from_writer(File::create(report)?);
    let calls = reader.records().take(rows.parse()?).map(|record| {
        let (client, header) = (client.clone(), &header);
        async move {
            let record = record?;
            let row: Row<'_> = record.deserialize(Some(header))?;
            let reply = client
                .put(format!("{url}/contacts/{}", row.person_id))
                .header("accept", "application/json")
                .header("content-type", "application/json")
                .bearer_auth("bench")
                .body(body(&row)?)
                .send()
                .await?;
            let status = reply.status().as_u16();
            let read = reply.bytes().await?;
            Ok::<_, Box<dyn Error>>((row.person_id.to_owned(), status, read.len()))
        }
    });
    let mut calls = stream::iter(calls).buffer_unordered(in_flight.parse()?);
    while let Some(done) = calls.next().await {
        report.serialize(done?)?;
    }
    report.flush()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(send_all(&words))
}
