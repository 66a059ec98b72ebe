//! `anslag verify`: whether what readers get is what was built. The output folder is held against what is known of the last
//! build into it; a copy of it, or the host that it was published to, against the output folder.

mod host;

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::arguments::{Common, ReportFormat, VerifyOptions};
use super::finished::say;
use super::waiting::while_waiting;
use super::{End, build, has_settings, no_site, one_line, print, refuse};
use crate::outside::Url;
use crate::progress::Progress;
use crate::publish::{Difference, Differences, Lock, compare_copy, compare_output};
use crate::source::OWN;
use host::Host;

/// What was compared, and what is not as it was made.
struct Verdict {
    /// How many files, or addresses.
    of: usize,
    what: &'static str,
    differences: Differences,
}

/// Compares a folder or a host with what was built.
pub fn verify(common: &Common, options: &VerifyOptions) -> Result<End> {
    let output = build::output_of(common, options.output.as_deref());
    match verdict(common, options, &output)? {
        Ok(verdict) => {
            verdict.print(common)?;
            Ok(if verdict.is_well(options.strict) { End::Well } else { End::Errors })
        }
        Err(words) => refuse(common, &words),
    }
}

/// What is found; or in words, why nothing can be compared.
fn verdict(common: &Common, options: &VerifyOptions, output: &Path) -> Result<Result<Verdict, String>> {
    let is_of_folder = options.what.as_deref().is_none_or(|what| address(what).is_none());
    if is_of_folder && (options.list.is_some() || !options.resolve.is_empty()) {
        return Ok(Err("`--list` and `--resolve` go with the web address of a host".to_owned()));
    }
    let addresses = options.list.as_deref().map(listed).transpose()?;
    if addresses.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Err("the list names no address".to_owned()));
    }
    // A host is asked without the lock: nobody's build should wait for that.
    let lock = || Lock::wait_for(&common.root, output, |_| {});
    let alone = common.root.join(OWN).is_dir().then(lock);
    let progress = Progress::default();
    let compare = || compare_output(&common.root, output, &progress);
    let Some(own) = while_waiting(common, &progress, compare)? else {
        if !has_settings(&common.root) {
            return Ok(Err(no_site(&common.root)));
        }
        return Ok(Err(format!("nothing is known of a build into {}: `anslag build` first", output.display())));
    };
    let Some(what) = &options.what else { return Ok(Ok(Verdict::of_files(own))) };
    if !own.is_whole() {
        return Ok(Err(format!(
            "{} is not as it was built, so {what} cannot be held against it: see `anslag verify`, and build again",
            output.display()
        )));
    }
    if let Some(url) = address(what) {
        let host = Host::of(common, options, url, output)?;
        drop(alone);
        return host.compare(addresses);
    }
    if !Path::new(what).is_dir() {
        return Ok(Err(format!("`{what}` is neither a folder nor a web address")));
    }
    let compare = || compare_copy(&common.root, output, Path::new(what), &progress);
    Ok(Ok(Verdict::of_files(while_waiting(common, &progress, compare)?)))
}

/// A web address, if it is one. Names and passwords do not belong into what is printed and logged.
fn address(text: &str) -> Option<Url> {
    let is_secret = |url: &Url| !url.username().is_empty() || url.password().is_some();
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && !is_secret(url))
}

/// The lines of a file, or of standard input.
fn listed(list: &Path) -> Result<Vec<String>> {
    let context = || format!("cannot read {}", list.display());
    let text = if list == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).with_context(context)?;
        text
    } else {
        fs::read_to_string(list).with_context(context)?
    };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

impl Verdict {
    fn of_files(comparison: crate::publish::Comparison) -> Self {
        Self { of: comparison.files, what: "files", differences: comparison.differences }
    }

    fn count(&self, wanted: Difference) -> usize {
        self.differences.values().filter(|(difference, _)| *difference == wanted).count()
    }

    fn is_well(&self, is_strict: bool) -> bool {
        self.differences.values().all(|(difference, _)| *difference == Difference::Foreign && !is_strict)
    }

    fn print(&self, common: &Common) -> Result<()> {
        let (missing, changed) = (self.count(Difference::Missing), self.count(Difference::Changed));
        let same = self.of - missing - changed;
        let differences = self.differences.iter().map(|(path, (what, more))| (path, word(*what), more));
        if common.format == ReportFormat::Json {
            let object = |(path, what, more)| json!({"what": what, "path": path, "words": more});
            let differences: Vec<_> = differences.map(object).collect();
            let report = json!({"version": 1, "compared": self.of, "same": same, "differences": differences});
            return print(&format!("{}\n", serde_json::to_string_pretty(&report)?));
        }
        let line = |(path, what, more): (&String, &str, &Option<String>)| {
            let more = more.as_ref().map(|more| format!("  {more}")).unwrap_or_default();
            format!("{what:<8} {}{more}\n", one_line(path))
        };
        print(&differences.map(line).collect::<String>())?;
        let foreign = self.count(Difference::Foreign);
        say(
            common,
            &format!(
                "{} {}: {same} as they were made, {missing} missing, {changed} changed; {foreign} foreign",
                self.of, self.what
            ),
        );
        Ok(())
    }
}

const fn word(difference: Difference) -> &'static str {
    match difference {
        Difference::Missing => "missing",
        Difference::Changed => "changed",
        Difference::Foreign => "foreign",
    }
}
