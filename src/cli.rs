//! Flags exactly as typed: what a person may say on the command line, and nothing about what it means.
//!
//! The only file that knows the command-line parser. Every long option also reads `CONTACT_SYNC_<OPTION>`, but for
//! `providers -m`: a mapping that is set for `run` would turn a look at the list into calls to an account.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{BoolishValueParser, NonEmptyStringValueParser, TypedValueParser as _};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{
    ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum,
};

use crate::report::exit::Exit;

/// Lines of help are no longer than this, in characters.
const WIDTH: usize = 100;

/// Brings the contacts of a messaging or CRM account in line with a spreadsheet, row by row, at exactly the allowed rate.
#[derive(Debug, Parser)]
#[command(name = "contact-sync", version, max_term_width = WIDTH, after_help = Exit::table())]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Read, map, send, report: the main job
    Run(Box<Run>),
    /// Propose a mapping from the header and the first rows of a spreadsheet
    Init(Init),
    /// The providers known; with a name or a file: fields, types, calls, limits, what it cannot do; with a mapping: the
    /// account's own fields
    Providers(Providers),
    /// Check mapping, credential and account with one cheap read call of each kind that a run needs
    Doctor(Doctor),
    /// Serve a stand-in of a provider's API on 127.0.0.1 until stopped
    Sandbox(Sandbox),
}

impl Verb {
    fn log(&mut self) -> &mut Log {
        match self {
            Self::Run(own) => &mut own.log,
            Self::Init(own) => &mut own.log,
            Self::Providers(own) => &mut own.log,
            Self::Doctor(own) => &mut own.log,
            Self::Sandbox(own) => &mut own.log,
        }
    }
}

/// `run INPUT -m MAPPING`.
#[derive(Debug, Args)]
pub struct Run {
    /// The list: CSV or TSV, also packed by gzip or zstd, xlsx, xls or ods; `-` for standard input
    #[arg(value_name = "INPUT")]
    pub input: OsString,
    /// Which column goes into which field (a TOML file)
    #[arg(short, long, value_name = "FILE", env = "CONTACT_SYNC_MAPPING")]
    pub mapping: PathBuf,
    /// Do everything but send: no connection is opened
    #[arg(long, env = "CONTACT_SYNC_DRY_RUN", value_parser = BoolishValueParser::new())]
    pub dry_run: bool,
    /// Send to a stand-in in this process; no account is needed
    #[arg(long, env = "CONTACT_SYNC_SANDBOX", value_parser = BoolishValueParser::new())]
    pub sandbox: bool,
    /// Where the reports go; without it, `runs/<mapping's folder>-<UTC time>`
    #[arg(long, value_name = "DIR", env = "CONTACT_SYNC_OUT")]
    pub out: Option<PathBuf>,
    /// Only the first N rows
    #[arg(long, value_name = "N", env = "CONTACT_SYNC_LIMIT", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Stop early when more rows than this are invalid, failed or unknown
    #[arg(long, value_name = "N|N%", env = "CONTACT_SYNC_MAX_ERRORS", value_parser = NonEmptyStringValueParser::new())]
    pub max_errors: Option<String>,
    /// How the list is written.
    #[command(flatten)]
    pub reading: Reading,
    /// Send also what the account has accepted unchanged before
    #[arg(long, env = "CONTACT_SYNC_FORCE", value_parser = BoolishValueParser::new())]
    pub force: bool,
    /// What was accepted before is remembered here [default: contact-sync/state.db in $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, value_name = "FILE", env = "CONTACT_SYNC_STATE")]
    pub state: Option<PathBuf>,
    /// How requests are sent.
    #[command(flatten)]
    pub sending: Sending,
    /// Write every request as it is or would be sent, one JSON object a line; `-` for standard output
    #[arg(long, value_name = "FILE", env = "CONTACT_SYNC_REQUESTS")]
    pub requests: Option<PathBuf>,
    /// Read every contact back where the answer does not show all that was written
    #[arg(long, env = "CONTACT_SYNC_VERIFY", value_parser = BoolishValueParser::new())]
    pub verify: bool,
    /// How the closing summary is written
    #[arg(long, value_name = "text|json", hide_possible_values = true, value_enum, default_value_t = Format::Text, env = "CONTACT_SYNC_FORMAT")]
    pub format: Format,
    /// What is said meanwhile.
    #[command(flatten)]
    pub log: Log,
}

/// How the list is written, where its bytes alone do not say it.
#[derive(Debug, Clone, Default, Args)]
pub struct Reading {
    /// The encoding of a text file that is not UTF-8, such as windows-1255; a byte order mark wins over it
    #[arg(long, value_name = "LABEL", env = "CONTACT_SYNC_ENCODING", value_parser = NonEmptyStringValueParser::new())]
    pub encoding: Option<String>,
    /// What separates cells: one character, or `tab` [default: found by itself]
    #[arg(long, value_name = "C", env = "CONTACT_SYNC_DELIMITER", value_parser = NonEmptyStringValueParser::new(), allow_hyphen_values = true)]
    pub delimiter: Option<String>,
    /// What quotes cells: one character, or `none` [default: "]
    #[arg(long, value_name = "C", env = "CONTACT_SYNC_QUOTE", value_parser = NonEmptyStringValueParser::new(), allow_hyphen_values = true)]
    pub quote: Option<String>,
    /// The line on which the header stands, or its row in a sheet; what is above is left out
    #[arg(long, value_name = "N", env = "CONTACT_SYNC_HEADER_ROW", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// There is no header: a mapping names the columns `#1`, `#2` and so on
    #[arg(long, env = "CONTACT_SYNC_NO_HEADER", value_parser = BoolishValueParser::new())]
    pub no_header: bool,
    /// Leave out lines that start with this character
    #[arg(long, value_name = "C", env = "CONTACT_SYNC_COMMENT", value_parser = NonEmptyStringValueParser::new(), allow_hyphen_values = true)]
    pub comment: Option<String>,
    /// The sheet of a spreadsheet, by its name or its number [default: the only one with something in it]
    #[arg(long, value_name = "NAME|N", env = "CONTACT_SYNC_SHEET", value_parser = NonEmptyStringValueParser::new())]
    pub sheet: Option<String>,
}

/// No more requests than this may be under way at once: each may take a connection, and systems give 1,024 files.
pub const MOST_AT_ONCE: u16 = 1024;

/// How requests are sent.
#[derive(Debug, Args)]
pub struct Sending {
    /// At most this many requests under way at once
    #[arg(long, value_name = "N", default_value_t = 64, env = "CONTACT_SYNC_CONCURRENCY", value_parser = clap::value_parser!(u16).range(1..=16_384))]
    pub concurrency: u16,
    /// At most this many requests in a stretch of time, such as 50/10s
    #[arg(long, value_name = "N/DURATION", env = "CONTACT_SYNC_RATE", value_parser = NonEmptyStringValueParser::new())]
    pub rate: Option<String>,
    /// Where the API is.
    #[command(flatten)]
    pub place: Place,
}

/// Where the API is.
#[derive(Debug, Args)]
pub struct Place {
    /// Where the API is, such as `https://chat.example.com`
    #[arg(long, value_name = "URL", env = "CONTACT_SYNC_BASE_URL", value_parser = NonEmptyStringValueParser::new())]
    pub base_url: Option<String>,
    /// Let a mapping's base_url point to this host
    #[arg(
        long,
        value_name = "HOST",
        env = "CONTACT_SYNC_ALLOW_HOST",
        value_delimiter = ','
    )]
    pub allow_host: Vec<String>,
}

/// What is said while working.
#[derive(Debug, Args)]
pub struct Log {
    /// How the log on standard error is written
    #[arg(long, value_name = "text|json", hide_possible_values = true, value_enum, default_value_t = Format::Text, env = "CONTACT_SYNC_LOG_FORMAT")]
    pub log_format: Format,
    /// Say more; twice or three times for details
    #[arg(short, long, action = ArgAction::Count, env = "CONTACT_SYNC_VERBOSE", value_parser = times)]
    pub verbose: u8,
    /// Say only what went wrong
    #[arg(short, long, env = "CONTACT_SYNC_QUIET", value_parser = BoolishValueParser::new())]
    pub quiet: bool,
    /// Draw no progress bar
    #[arg(long, env = "CONTACT_SYNC_NO_PROGRESS", value_parser = BoolishValueParser::new())]
    pub no_progress: bool,
}

/// How often something is wanted: a number, or a yes or no as the other options take it from the environment.
fn times(text: &str) -> Result<u8, String> {
    let yes = || BoolishValueParser::new().parse_ref(&command(), None, text.as_ref());
    let number = text.trim().parse().ok();
    number
        .or_else(|| yes().ok().map(u8::from))
        .ok_or_else(|| "write a number, `true` or `false`".to_owned())
}

/// Text or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `init INPUT --provider P`.
#[derive(Debug, Args)]
pub struct Init {
    /// The list: CSV or TSV, also packed by gzip or zstd, xlsx, xls or ods; `-` for standard input
    #[arg(value_name = "INPUT")]
    pub input: OsString,
    /// Whose contacts these will be: a provider's name, or the path of an api.toml
    #[arg(short, long, value_name = "PROVIDER", env = "CONTACT_SYNC_PROVIDER", value_parser = NonEmptyStringValueParser::new())]
    pub provider: String,
    /// Where the mapping goes, a file that is not there yet [default: standard output]
    #[arg(short, long, value_name = "FILE", env = "CONTACT_SYNC_OUTPUT")]
    pub output: Option<PathBuf>,
    /// How the list is written.
    #[command(flatten)]
    pub reading: Reading,
    /// What is said meanwhile.
    #[command(flatten)]
    pub log: Log,
}

/// `providers [P]`.
#[derive(Debug, Args)]
pub struct Providers {
    /// A provider's name, or the path of an api.toml
    #[arg(value_name = "PROVIDER")]
    pub provider: Option<String>,
    /// Ask the account of this mapping which custom fields it has, and list them
    #[arg(short, long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// With a mapping: ask a stand-in in this process; no account is needed
    #[arg(long, env = "CONTACT_SYNC_SANDBOX", value_parser = BoolishValueParser::new())]
    pub sandbox: bool,
    /// Where the API is.
    #[command(flatten)]
    pub place: Place,
    /// What is said meanwhile.
    #[command(flatten)]
    pub log: Log,
}

/// `doctor -m MAPPING`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Which column goes into which field (a TOML file)
    #[arg(short, long, value_name = "FILE", env = "CONTACT_SYNC_MAPPING")]
    pub mapping: PathBuf,
    /// Where the API is.
    #[command(flatten)]
    pub place: Place,
    /// What is said meanwhile.
    #[command(flatten)]
    pub log: Log,
}

/// `sandbox P`.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// A provider's name, or the path of an api.toml
    #[arg(value_name = "PROVIDER")]
    pub provider: String,
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 0, env = "CONTACT_SYNC_PORT")]
    pub port: u16,
    /// What is said meanwhile.
    #[command(flatten)]
    pub log: Log,
}

/// What the command line asks for, or what to print instead and the exit code with it.
///
/// # Errors
///
/// Help and version (code 0) and wrong usage (code 2), with the text to show.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, (String, bool)> {
    let mut command = command();
    let parsed = command.try_get_matches_from_mut(args).and_then(|matches| {
        let mut cli = Cli::from_arg_matches(&matches)?;
        let Some((verb, typed)) = matches.subcommand() else {
            return Ok(cli);
        };
        settle(cli.verb.log(), typed).map_err(|what| {
            let verb = command.find_subcommand(verb).unwrap_or(&command);
            verb.clone().error(ErrorKind::ArgumentConflict, what)
        })?;
        Ok(cli)
    });
    parsed.map_err(|error| (error.render().to_string(), error.use_stderr()))
}

/// Settles how much is said: what is typed wins over the environment, where a switch that is off is not given at all.
fn settle(log: &mut Log, matches: &ArgMatches) -> Result<(), &'static str> {
    let is_typed = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
    match (is_typed("quiet"), is_typed("verbose")) {
        (true, false) => log.verbose = 0,
        (false, true) => log.quiet = false,
        (true, true) | (false, false) => {}
    }
    match log.quiet && log.verbose > 0 {
        true => Err("the argument '--quiet' cannot be used with '--verbose...'"),
        false => Ok(()),
    }
}

/// The parser under the program's own name, however it was started; help shows no value of the environment.
fn command() -> Command {
    Cli::command()
        .bin_name("contact-sync")
        .mut_subcommands(|verb| verb.mut_args(|arg| arg.hide_env_values(true)))
}

/// The help of the whole program or of one verb, as `--help` prints it where no terminal says how wide it is.
#[must_use]
pub fn help(verb: Option<&str>) -> String {
    let mut command = command().term_width(WIDTH);
    command.build();
    match verb {
        None => command.render_help().to_string(),
        Some(verb) => command
            .find_subcommand_mut(verb)
            .map(|verb| verb.render_help().to_string())
            .unwrap_or_default(),
    }
}
