//! A server on 127.0.0.1 that answers as a test says and notes what reached it and when.
//!
//! It speaks HTTP/1.1 by hand, so that it can also answer badly: late, in part, with anything, or never.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::gate::Gate;

/// How the server reacts to one request.
#[derive(Debug, Clone)]
pub(crate) enum Reaction {
    /// Answers.
    Answer(Answer),
    /// Waits, then reacts.
    Later(Duration, Box<Reaction>),
    /// Waits until the test lets it go, then reacts.
    When(Gate, Box<Reaction>),
    /// Closes the connection without a word.
    Drop,
    /// Announces the whole answer, sends so many bytes of its body and closes.
    Part(Answer, usize),
    /// Sends these bytes and closes.
    Raw(Vec<u8>),
    /// Answers as if the connection went on, and closes it so long afterwards without having read any more.
    Last(Answer, Duration),
    /// Never answers; the connection stays open.
    Never,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// An answer with a JSON body.
pub(crate) fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
    }
}

/// What a server answers that took the change.
pub(crate) fn taken() -> Reaction {
    answer(200, r#"{"payload":{"id":1}}"#).into()
}

/// Takes so many changes at once, and each later one when the gate is open.
pub(crate) fn taken_before_the_gate(
    count: usize,
) -> (Gate, impl Fn(&Request) -> Reaction + Send + Sync + 'static) {
    let gate = Gate::default();
    let held = gate.clone();
    let react = move |request: &Request| match request.before < count {
        true => taken(),
        false => taken().when(&held),
    };
    (gate, react)
}

impl Answer {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The head as it goes over the wire, for all of the body.
    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Told\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("content-length: {}\r\n\r\n", self.body.len())
    }
}

impl From<Answer> for Reaction {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

impl Reaction {
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self::Later(wait, Box::new(self))
    }

    pub(crate) fn when(self, gate: &Gate) -> Self {
        Self::When(gate.clone(), Box::new(self))
    }
}

/// A request that reached the server.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// How many reached the server before it.
    pub(crate) before: usize,
    /// How many of them were about the same contact.
    pub(crate) before_for_same: usize,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) arrived: Instant,
    /// When its answer was on its way, if it ever was.
    pub(crate) answered: Option<Instant>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The last segment of the path: the contact's id.
    pub(crate) fn contact(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }
}

#[derive(Debug, Default)]
struct Book {
    connections: usize,
    /// Those of them that have not ended.
    open: usize,
    requests: Vec<Request>,
}

#[derive(Debug, Default)]
struct Shared {
    book: Mutex<Book>,
    news: Condvar,
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("the book is whole")
    }
}

/// The server; it lives as long as the tests do.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts a server that reacts like this to every request.
    pub(crate) fn start(react: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Self {
        Self::behind(|_, _| true, react)
    }

    /// The same behind a door: whether a connection is served, by how many there were before it.
    pub(crate) fn behind(
        door: impl Fn(usize, &TcpStream) -> bool + Send + 'static,
        react: impl Fn(&Request) -> Reaction + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let react = Arc::new(react);
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut book = own.book();
                let before = book.connections;
                book.connections += 1;
                if !door(before, &stream) {
                    continue;
                }
                book.open += 1;
                drop(book);
                let (shared, react) = (Arc::clone(&own), Arc::clone(&react));
                thread::spawn(move || {
                    serve(&stream, &shared, &*react);
                    shared.book().open -= 1;
                    shared.news.notify_all();
                });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.book().connections
    }

    /// All requests in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.book().requests.clone()
    }

    /// How many changes to contacts came.
    pub(crate) fn writes(&self) -> usize {
        let book = self.shared.book();
        book.requests
            .iter()
            .filter(|own| own.method != "GET")
            .count()
    }

    /// The contacts about which requests came, in their order.
    pub(crate) fn contacts(&self) -> Vec<String> {
        let requests = self.requests();
        requests
            .iter()
            .map(|own| own.contact().to_owned())
            .collect()
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for(&self, count: usize) {
        let book = self.shared.book();
        let wait = Duration::from_secs(20);
        let few = |book: &mut Book| book.requests.len() < count;
        let (book, late) = self
            .shared
            .news
            .wait_timeout_while(book, wait, few)
            .expect("whole");
        let count = book.requests.len();
        drop(book);
        assert!(!late.timed_out(), "only {count} requests came");
    }

    /// Waits until everything has come that was on its way when the last client went.
    pub(crate) fn settle(&self) {
        // Connections are taken in their order: once this one has ended, all before it are known.
        let mut last = TcpStream::connect(self.address).expect("a connection");
        last.shutdown(Shutdown::Write).expect("an open connection");
        let _ = last.read_to_end(&mut Vec::new());
        let wait = Duration::from_secs(20);
        let busy = |book: &mut Book| book.open > 0;
        let book = self.shared.book();
        let (book, late) = self
            .shared
            .news
            .wait_timeout_while(book, wait, busy)
            .expect("whole");
        assert!(!late.timed_out(), "{} connections are open", book.open);
    }
}

fn serve(stream: &TcpStream, shared: &Shared, react: &impl Fn(&Request) -> Reaction) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader, shared) {
        let at = request.before;
        if !perform(react(&request), stream, || {
            shared.book().requests[at].answered = Some(Instant::now());
        }) {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// Whether the connection goes on afterwards.
fn perform(reaction: Reaction, mut stream: &TcpStream, answered: impl FnOnce()) -> bool {
    match reaction {
        Reaction::Later(wait, reaction) => {
            thread::sleep(wait);
            perform(*reaction, stream, answered)
        }
        Reaction::When(gate, reaction) => {
            gate.pass();
            perform(*reaction, stream, answered)
        }
        Reaction::Answer(answer) => {
            let whole = answer.head() + &answer.body;
            // Noted first: once it is sent, the next request may be here before we are.
            answered();
            stream.write_all(whole.as_bytes()).is_ok()
        }
        Reaction::Last(answer, wait) => {
            let whole = answer.head() + &answer.body;
            answered();
            let _ = stream.write_all(whole.as_bytes());
            thread::sleep(wait);
            false
        }
        Reaction::Part(answer, bytes) => {
            answered();
            let part = answer.head() + &answer.body[..bytes];
            let _ = stream.write_all(part.as_bytes());
            false
        }
        Reaction::Raw(bytes) => {
            answered();
            let _ = stream.write_all(&bytes);
            false
        }
        Reaction::Drop => {
            answered();
            false
        }
        Reaction::Never => {
            let _ = stream.read(&mut [0]);
            false
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>, shared: &Shared) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let arrived = Instant::now();
    let (method, rest) = line.split_once(' ')?;
    let (target, _) = rest.split_once(' ')?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut request = Request {
        before: 0,
        before_for_same: 0,
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: String::from_utf8(body).expect("UTF-8"),
        arrived,
        answered: None,
    };
    let mut book = shared.book();
    request.before = book.requests.len();
    let same = |own: &&Request| own.contact() == request.contact();
    request.before_for_same = book.requests.iter().filter(same).count();
    book.requests.push(request.clone());
    shared.news.notify_all();
    Some(request)
}
