//! A credential that a server repeats, in whatever way it writes it, is seen nowhere.

use base64::Engine as _;

use super::{TOKEN, ask, bearer, says};

#[test]
fn a_credential_that_the_server_repeats_is_struck_out() {
    let body = format!("{{\"message\":\"no such key: {TOKEN}\"}}");
    let text = format!(
        "HTTP/1.1 401 No\r\nx-key: {TOKEN}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let reply = ask(&bearer(), says(text)).expect("an answer");
    assert_eq!(reply.body, b"{\"message\":\"no such key: [secret]\"}");
    assert_eq!(reply.headers["x-key"], "[secret]");
}

#[test]
fn a_credential_is_struck_out_however_it_is_written() {
    let escaped = TOKEN.replace('/', "\\/");
    let numbered = TOKEN.replace('+', "\\u002B").replace('a', "\\u0061");
    let lower = TOKEN.replace('/', "%2f").replace('+', "%2b");
    let partly = TOKEN.replace('&', "%26");
    let unpadded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(TOKEN);
    let for_urls = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(TOKEN);
    let twice = TOKEN.replace('/', "%252F");
    let for_pages = TOKEN
        .replace('/', "&#x2F;")
        .replace('+', "&#43;")
        .replace('&', "&amp;");
    let in_a_url = format!("{}x", TOKEN.replace('&', "%26"));
    for form in [
        twice, for_pages, in_a_url, escaped, numbered, lower, partly, unpadded, for_urls,
    ] {
        let body = format!("{{\"error\":\"100% bad key {form}\",\"tag\":\"a\\nb\"}}");
        let head = format!("HTTP/1.1 401 No\r\ncontent-length: {}\r\n\r\n", body.len());
        let reply = ask(&bearer(), says(head + &body)).expect("an answer");
        let body = String::from_utf8(reply.body).expect("text");
        assert!(
            body.contains("\"100% bad key [secret]\"") && body.contains("\"tag\":\"a\\nb\""),
            "{body}"
        );
        let told = body.to_lowercase();
        assert!(
            !told.contains("canary") && !told.contains(&form.to_lowercase()),
            "{body}"
        );
    }
}
