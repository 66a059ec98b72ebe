//! `anslag schema`: what YAML may hold, as editors want it.

use std::fs;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::Value;

use super::arguments::{Common, SchemaName, SchemaOptions};
use super::{End, has_settings, no_site, print, refuse, speak};
use crate::config::{layers, settings};
use crate::kind;
use crate::model::registry;

/// Where schemas lie when no other folder is named, from the site's folder.
const FOLDER: &str = ".anslag/schemas";

/// Prints a schema, or writes all of them into a folder.
pub fn schema(common: &Common, options: &SchemaOptions) -> Result<End> {
    if let Some(subject) = options.subject {
        print(&text(subject)?)?;
        return Ok(End::Well);
    }
    if options.output.is_none() && !has_settings(&common.root) {
        return refuse(common, &format!("{}\n`--output` names another folder for the schemas", no_site(&common.root)));
    }
    let folder = options.output.clone().unwrap_or_else(|| common.root.join(FOLDER));
    let context = || format!("cannot write schemas into {}", folder.display());
    fs::create_dir_all(&folder).with_context(context)?;
    for subject in SchemaName::value_variants() {
        fs::write(folder.join(format!("{}.json", name(*subject))), text(*subject)?).with_context(context)?;
    }
    if !common.quiet {
        speak(common, &format!("{} schemas are in {}", SchemaName::value_variants().len(), folder.display()));
    }
    Ok(End::Well)
}

/// The word that a subject is asked for with, and its file is called.
fn name(subject: SchemaName) -> String {
    subject.to_possible_value().map(|value| value.get_name().to_owned()).expect("no subject is hidden")
}

fn text(subject: SchemaName) -> Result<String> {
    Ok(serde_json::to_string_pretty(&value(subject))? + "\n")
}

fn value(subject: SchemaName) -> Value {
    match subject {
        SchemaName::Kind(kind) => kind::schema(kind),
        SchemaName::Site => settings::shape().document("The settings of a site: site.yaml"),
        SchemaName::Theme => layers::shape().document("What a theme says of itself: theme.yaml"),
        SchemaName::Organisations => {
            registry::shape_of_organisations().document("Organisations by slug: content/organisations.yaml")
        }
    }
}
