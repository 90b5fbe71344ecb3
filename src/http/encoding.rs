//! Content encodings: which one a client takes, and putting an answer into it.

use std::io::{self, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpRequest;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header::ACCEPT_ENCODING;
use actix_web::web::Bytes;

/// A way to send an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// What the client likes best; of what it likes as well as another, what is smaller.
    pub(super) fn accepted(request: &HttpRequest) -> Self {
        let lines = request.headers().get_all(ACCEPT_ENCODING);
        let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        Self::preferred(&lines.join(","))
    }

    fn preferred(accepted: &str) -> Self {
        let weight = |wanted: &str| {
            accepted.split(',').find_map(|entry| {
                let (name, parameter) = entry.split_once(';').unwrap_or((entry, "q=1"));
                let weight = parameter.trim().strip_prefix(['q', 'Q'])?.trim().strip_prefix('=')?;
                let weight = weight.trim().parse().ok().filter(|q| (0.0..=1.0).contains(q));
                name.trim().eq_ignore_ascii_case(wanted).then(|| weight.unwrap_or(0.0_f32))
            })
        };
        let of = |name: &str| weight(name).or_else(|| weight("*")).unwrap_or(0.0);
        // What nobody names is taken too, after everything that is named.
        let (brotli, gzip, plain) = (of("br"), of("gzip"), weight("identity").unwrap_or(0.0));
        if brotli > 0.0 && brotli >= gzip && brotli >= plain {
            Self::Brotli
        } else if gzip > 0.0 && gzip >= plain {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// What the tag of an answer ends with in this encoding.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }

    /// The bytes in this encoding, where that is another than they have.
    pub(super) fn compress(self, bytes: &[u8]) -> Option<Bytes> {
        let mut encoder = Encoder::new(self, bytes.len() / 3)?;
        encoder.write(bytes).ok()?;
        encoder.finish().ok()
    }

    /// The same for a body that is written while it is sent.
    pub(super) fn compress_stream(self, body: BoxBody) -> BoxBody {
        match Encoder::new(self, 0) {
            None => body,
            Some(encoder) => BoxBody::new(Compressed { body, encoder: Some(encoder) }),
        }
    }
}

enum Encoder {
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    /// What encodes, with room for what is expected to come out.
    fn new(encoding: Encoding, expected: usize) -> Option<Self> {
        let out = Vec::with_capacity(expected);
        match encoding {
            Encoding::Identity => None,
            Encoding::Gzip => {
                let level = flate2::Compression::new(5);
                Some(Self::Gzip(flate2::write::GzEncoder::new(out, level)))
            }
            Encoding::Brotli => {
                Some(Self::Brotli(Box::new(brotli::CompressorWriter::new(out, 1 << 14, 4, 19))))
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.write_all(bytes),
            Self::Brotli(encoder) => encoder.write_all(bytes),
        }
    }

    /// What has come out since the last time.
    fn take(&mut self) -> Bytes {
        Bytes::from(std::mem::take(match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Brotli(encoder) => encoder.get_mut(),
        }))
    }

    fn finish(self) -> io::Result<Bytes> {
        Ok(Bytes::from(match self {
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Brotli(encoder) => encoder.into_inner(),
        }))
    }
}

/// A body that is compressed while it is sent.
struct Compressed {
    body: BoxBody,
    /// Gone when all is sent.
    encoder: Option<Encoder>,
}

impl MessageBody for Compressed {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        loop {
            let Some(encoder) = &mut this.encoder else { return Poll::Ready(None) };
            let out = match std::task::ready!(Pin::new(&mut this.body).poll_next(context)) {
                Some(Ok(chunk)) => encoder.write(&chunk).map(|()| encoder.take()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => match this.encoder.take() {
                    Some(encoder) => encoder.finish(),
                    None => return Poll::Ready(None),
                },
            };
            // An empty chunk would end the answer.
            if !out.as_ref().is_ok_and(Bytes::is_empty) {
                return Poll::Ready(Some(out.map_err(Into::into)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding::{self, Brotli, Gzip, Identity};

    #[test]
    fn what_the_client_likes_best_is_used_and_brotli_on_a_tie() {
        for (accepted, used) in [
            ("", Identity),
            ("gzip, br", Brotli),
            ("br;q=0.5, gzip;q=0.9", Gzip),
            ("br;q=0.5, gzip;q=0.5", Brotli),
            ("gzip;q=0.1, br ; Q = 0.2", Brotli),
            ("br;q=0, gzip;q=0.000", Identity),
            ("identity, br;q=0.9", Identity),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("*", Brotli),
            ("*;q=0.1, br;q=0", Gzip),
            ("br;q=much, gzip", Gzip),
            ("br;q=2", Identity),
            ("br;q=NaN", Identity),
            ("deflate, zstd", Identity),
        ] {
            assert_eq!(Encoding::preferred(accepted), used, "{accepted}");
        }
    }
}
