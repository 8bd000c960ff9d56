//! Physical lines, counted as every common program ends them.

const CR: u8 = b'\r';

/// Counts physical lines: LF, CR LF, CR and CR CR LF each end one.
#[derive(Debug)]
pub(super) struct Lines {
    /// The line reached.
    pub(super) line: u64,
    /// Where a byte would stand that belongs to the line end before it.
    next: u64,
    /// How many CR stand directly before it, up to two.
    returns: u8,
}

impl Lines {
    /// Lines of which the first has this number.
    pub(super) fn starting(line: u64) -> Self {
        Self {
            line,
            next: u64::MAX,
            returns: 0,
        }
    }

    /// Notes a CR or LF at a place counted from the first byte; places only go up.
    pub(super) fn end(&mut self, byte: u8, at: u64) {
        let returns = match at == self.next {
            true => self.returns,
            false => 0,
        };
        self.next = at + 1;
        self.returns = 0;
        match (byte, returns) {
            (CR, _) => {
                self.line += 1;
                self.returns = (returns + 1).min(2);
            }
            (_, 0) => self.line += 1,
            (_, 1) => {}
            // CR CR LF: the two CR were counted as two lines before the LF made them one.
            _ => self.line -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::Marks;
    use super::super::watch::Watch;
    use super::*;

    const LF: u8 = b'\n';

    /// Line ends, each the longest that fits, from left to right: said in another way than the watch does.
    fn ends(mut text: &[u8]) -> u64 {
        let mut count = 0;
        loop {
            (text, count) = match text {
                [] => return count,
                [CR, CR, LF, rest @ ..] | [CR, LF, rest @ ..] | [CR | LF, rest @ ..] => {
                    (rest, count + 1)
                }
                [_, rest @ ..] => (rest, count),
            };
        }
    }

    /// Every text of these bytes up to this length.
    fn all(bytes: &[u8], length: usize) -> Vec<Vec<u8>> {
        let mut all = vec![Vec::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = all.len();
            for at in from..to {
                let start = all[at].clone();
                all.extend(bytes.iter().map(|byte| [&start[..], &[*byte]].concat()));
            }
            from = to;
        }
        all
    }

    #[test]
    fn every_mix_of_line_ends_is_counted_the_same_wherever_it_is_cut() {
        let plain = Marks::by(b',');
        let unquoted = Marks {
            quote: None,
            ..plain
        };
        let commented = Marks {
            delimiter: b';',
            comment: Some(b','),
            ..plain
        };
        let texts = all(b"\r\n\",", 6).into_iter();
        // Long rows of them, too.
        for text in texts.chain(all(b"\r\n", 10)) {
            for marks in [plain, unquoted, commented] {
                for size in 1..=text.len() {
                    let mut watch = Watch::new(marks, 1);
                    for stretch in text.chunks(size) {
                        watch.feed(stretch).expect("no NUL and not long");
                    }
                    let shown = String::from_utf8_lossy(&text);
                    assert_eq!(watch.line(), 1 + ends(&text), "{shown:?} by {size}");
                }
            }
        }
    }
}
