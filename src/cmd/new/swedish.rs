//! What a new document says of its keys, in Swedish. A test holds the list against the declarations of all keys.

use std::borrow::Cow;

/// The Swedish for what a key means, for what it takes, or for a heading; what has none stays in English.
pub fn swedish(english: &str) -> Cow<'_, str> {
    if let Some(keys) = english.strip_prefix("the keys ") {
        return format!("nycklarna {keys}").into();
    }
    if let Some(words) = english.strip_prefix("one of ") {
        return format!("ett av {words}").into();
    }
    SWEDISH.iter().find(|(known, _)| *known == english).map_or(english, |(_, swedish)| swedish).into()
}

/// Each text, and what it is in Swedish.
const SWEDISH: &[(&str, &str)] = &[
    ("Who made it.", "Den som har gjort den."),
    (
        "Why the law allows it; `non_compliance` unless given.",
        "Vilket skäl lagen ger; `non_compliance` om inget annat står.",
    ),
    (
        "Why it is not mended yet. Readers see it in the accessibility statement.",
        "Varför det inte är rättat än. Läsarna ser det i tillgänglighetsredogörelsen.",
    ),
    ("Who wrote it: the slug of a person.", "Den som har skrivit: en persons slug."),
    ("Who wrote it, when they are several.", "De som har skrivit, när de är flera."),
    ("Who sees to it: the slug of a person.", "Den som ser till det: en persons slug."),
    (
        "Who answers for the page: slugs of persons, or `name`, `role`, `email`, `phone`, `url`.",
        "De som svarar för sidan: personers slugar, eller `name`, `role`, `email`, `phone`, `url`.",
    ),
    (
        "Whether the text calls organisations by former names on purpose.",
        "Om texten med avsikt nämner organisationer vid tidigare namn.",
    ),
    ("Whether the page asks if it helped.", "Om sidan frågar om den var till hjälp."),
    ("Whether one must log in to comment.", "Om man måste logga in för att kommentera."),
    ("Whether it is kept out of the published site.", "Om den hålls utanför den publicerade webbplatsen."),
    ("Whether comments are taken.", "Om det går att kommentera."),
    ("When the text was last changed in substance.", "När textens innehåll senast ändrades."),
    (
        "When somebody last made sure that the text is still right.",
        "När någon senast kontrollerade att texten stämmer.",
    ),
    (
        "When it was published. Never the day of the event itself.",
        "När den publicerades. Aldrig dagen för själva konferensen.",
    ),
    (
        "What the image shows, for those who do not see it; `\"\"` for one that only decorates.",
        "Vad bilden visar, för den som inte ser den; `\"\"` för en som bara pryder.",
    ),
    (
        "What may fail at a gate for a while: `code`, `reason`, `owner`, `until`.",
        "Det som får fastna i en spärr en tid: `code`, `reason`, `owner`, `until`.",
    ),
    ("What it is about.", "Vad den handlar om."),
    (
        "What feeds and calendars know it by; the slug unless given. Give the former slug when you change that.",
        "Det som flöden och kalendrar känner igen den på; sluggen om inget annat står. Skriv den tidigare sluggen när du ändrar den.",
    ),
    ("The words under it.", "Texten under den."),
    ("The state of comments.", "Hur det står till med kommentarer."),
    ("The role.", "Rollen."),
    (
        "The real title. A state such as \"Inställt:\" is never typed: it is shown by itself.",
        "Den riktiga rubriken. Ett läge som ”Inställt:” skrivs aldrig: det visas automatiskt.",
    ),
    ("The page with the rules.", "Sidan med reglerna."),
    ("The most signs a comment may have.", "Hur många tecken en kommentar får ha."),
    (
        "The last piece of the address, when it is not the file's name.",
        "Sista delen av adressen, när den inte är filens namn.",
    ),
    (
        "The last day of the waiver; after it, nothing is published until the fault is mended.",
        "Undantagets sista dag; efter den publiceras inget förrän felet är rättat.",
    ),
    (
        "The last day of a text that will not be renewed; then it is archived with a banner, at the same address.",
        "Sista dagen för en text som inte ska förnyas; sedan arkiveras den med en banderoll, på samma adress.",
    ),
    ("The last day for comments.", "Sista dagen för kommentarer."),
    (
        "The language of the text, BCP 47, when it is not the site's.",
        "Textens språk, BCP 47, när det inte är webbplatsens.",
    ),
    (
        "The image of lists, link previews and the top of the page.",
        "Bilden i listor, i förhandsvisningar av länkar och överst på sidan.",
    ),
    ("The file, as a path from this file.", "Filen, som en sökväg från den här filen."),
    (
        "The document that has taken this one's place, as a path from this file.",
        "Dokumentet som har ersatt det här, som en sökväg från den här filen.",
    ),
    (
        "The day before which somebody should make sure that the text is still right.",
        "Dagen då någon senast ska ha kontrollerat att texten stämmer.",
    ),
    ("The code of the gate, such as `image-without-alt`.", "Spärrens kod, som `image-without-alt`."),
    ("Former addresses that lead here.", "Tidigare adresser som leder hit."),
    ("Documents to read next, as paths from this file.", "Dokument att läsa sedan, som sökvägar från den här filen."),
    ("Data of your own, for your own templates.", "Egna uppgifter, till egna mallar."),
    (
        "A sentence or two for lists, feeds and search engines.",
        "En eller två meningar för listor, flöden och sökmotorer.",
    ),
    ("The phone number.", "Telefonnumret."),
    ("The name.", "Namnet."),
    ("The e-mail address.", "E-postadressen."),
    ("A web address.", "En webbadress."),
    ("When it should have started.", "När det skulle ha börjat."),
    ("Why.", "Varför."),
    (
        "Whether the link opens a new window, which is then said in words.",
        "Om länken öppnar ett nytt fönster, vilket då sägs i ord.",
    ),
    (
        "Where to read more: a web address, or a path from this file.",
        "Var man kan läsa mer: en webbadress, eller en sökväg från den här filen.",
    ),
    ("Where to join.", "Var man ansluter."),
    ("When it was decided.", "När det bestämdes."),
    ("When it ends.", "När det slutar."),
    (
        "What it was before, if that holds again when it takes place after all. Readers see nothing of it.",
        "Vad som gällde förut, om det gäller igen när det ändå blir av. Läsarna ser inget av det.",
    ),
    ("What it is called.", "Vad det heter."),
    ("What happened.", "Vad som hände."),
    (
        "The words of the link. Type, size and language are added by themselves.",
        "Länkens ord. Typ, storlek och språk läggs till automatiskt.",
    ),
    ("The service: `Teams`, `Zoom`.", "Tjänsten: `Teams`, `Zoom`."),
    (
        "The occasion it is about, by its `id`, when not all of them.",
        "Tillfället som det gäller, med dess `id`, när det inte är alla.",
    ),
    ("The language of what it leads to, BCP 47.", "Språket i det som den leder till, BCP 47."),
    ("A remark.", "En anmärkning."),
    (
        "A file beside the document, as a path from this file.",
        "En fil bredvid dokumentet, som en sökväg från den här filen.",
    ),
    ("Why it is so.", "Vilket skälet är."),
    ("Why it has that state.", "Varför det är så."),
    ("Whom it is for.", "De som det är till för."),
    ("Who speaks.", "De som talar."),
    ("Who publishes it: the slug of an organisation.", "Den som ger ut det: en organisations slug."),
    ("Who answers questions about it.", "De som svarar på frågor om den."),
    ("Whether those who come too late can wait for a place.", "Om det går att ställa sig i kö när det är fullt."),
    ("Whether there is no room left.", "Om det är fullt."),
    ("Whether it still holds.", "Om det gäller."),
    (
        "Whether it lasts the whole day; true when `start` has no time.",
        "Om det varar hela dagen; `true` när `start` saknar klockslag.",
    ),
    ("Whether it lasts the whole day.", "Om det varar hela dagen."),
    (
        "Whether it is cancelled: a short way to write `status: cancelled`.",
        "Om den är inställd: ett kort sätt att skriva `status: cancelled`.",
    ),
    ("Whether all its events are cancelled.", "Om alla dess konferenser är inställda."),
    ("Where to read more.", "Var man kan läsa mer."),
    ("Where to complain to the authority.", "Dit man anmäler brister till myndigheten."),
    ("Where it takes place.", "Var det äger rum."),
    ("Where it takes place, when not where the others do.", "Var det äger rum, när det inte är där de andra gör det."),
    ("Where it is shown; everywhere unless given.", "Var det visas; överallt om inget annat står."),
    ("When, as it should be shown: `09.00–09.45`.", "När, så som det ska visas: `09.00–09.45`."),
    ("When the site was published.", "När webbplatsen publicerades."),
    ("When the site was assessed.", "När webbplatsen bedömdes."),
    (
        "When it starts. It is kept for ever, also when the event is cancelled.",
        "När den börjar. Det står kvar för alltid, också när konferensen är inställd.",
    ),
    ("When it starts.", "När det börjar."),
    ("When it opens.", "När den öppnar."),
    ("When it is shown last.", "Sista dagen som det visas."),
    ("When it is shown first.", "När det börjar visas."),
    ("When it closes; the last day is included.", "När den stänger; den sista dagen räknas med."),
    ("What sort of tool it is.", "Vad för slags metodstöd det är."),
    ("What it offers: documents and addresses.", "Vad det erbjuder: dokument och webbadresser."),
    ("What it is.", "Vad det är."),
    ("What it costs.", "Vad det kostar."),
    ("What is not accessible.", "Det som inte är tillgängligt."),
    (
        "What is left afterwards: slides, reports, recordings.",
        "Det som finns kvar efteråt: bilder, rapporter, inspelningar.",
    ),
    ("What is counted: `platser`, `delprojekt`.", "Vad som räknas: `platser`, `delprojekt`."),
    ("What is asked of those who take part.", "Vad som krävs av den som deltar."),
    ("What has happened to them.", "Vad som har hänt dem."),
    (
        "What has happened to it: the history that readers and calendars see.",
        "Vad som har hänt: historiken som läsare och kalendrar ser.",
    ),
    ("What happens there.", "Vad som händer där."),
    (
        "What calendars know it by; its place in the list unless given.",
        "Det som kalendrar känner igen det på; platsen i listan om inget annat står.",
    ),
    (
        "What an accessibility statement must say (lagen om tillgänglighet till digital offentlig service).",
        "Det som en tillgänglighetsredogörelse måste innehålla (lagen om tillgänglighet till digital offentlig service).",
    ),
    ("What a registration must say.", "Vad anmälan ska innehålla."),
    ("The words of the link.", "Länkens ord."),
    ("The town.", "Orten."),
    ("The time it covers.", "Tiden som det handlar om."),
    (
        "The state of all its events, unless an event says otherwise.",
        "Det som gäller alla dess konferenser, om inte en konferens säger något annat.",
    ),
    (
        "The standard it is measured against; EN 301 549 and WCAG 2.2 AA unless given.",
        "Standarden; EN 301 549 och WCAG 2.2 AA om inget annat står.",
    ),
    ("The slug of the organisation.", "Organisationens slug."),
    ("The series it belongs to, by slug.", "Serien som den hör till, med slug."),
    (
        "The page about the blog as it was then, when it is not the section's.",
        "Sidan om bloggen som den var då, när det inte är avdelningens.",
    ),
    ("The organisation, by slug.", "Organisationen, med slug."),
    ("The occasions, when there are several.", "Tillfällena, när de är flera."),
    ("The last day there, for one who has left.", "Sista dagen där, för den som har slutat."),
    (
        "The last day of a text that will be renewed; when it has passed the page says so, and the build warns.",
        "Sista dagen för en text som ska förnyas; när den har passerat säger sidan det, och bygget varnar.",
    ),
    ("The form.", "Formuläret."),
    ("The form on the page.", "Formuläret på sidan."),
    (
        "The events that the post announces, as paths from this file; each event links back by itself.",
        "Konferenserna som inlägget berättar om, som sökvägar från den här filen; varje konferens länkar tillbaka av sig själv.",
    ),
    ("The e-mail address, when there is no form.", "E-postadressen, när det inte finns något formulär."),
    (
        "The e-mail address for reports of faults; the site's own unless given.",
        "Dit man rapporterar brister; webbplatsens egen om inget annat står.",
    ),
    ("The authority.", "Myndigheten."),
    ("Persons shown on the page, by slug.", "Personer som visas på sidan, med slug."),
    ("Organisations, by slug.", "Organisationer, med slug."),
    ("On these series and their events.", "På de här serierna och deras konferenser."),
    ("On pages with these tags.", "På sidor med de här ämnena."),
    ("On pages of these sections.", "På sidor i de här avdelningarna."),
    ("On pages of these kinds.", "På sidor av de här slagen."),
    ("On every page.", "På varje sida."),
    ("More about it.", "Mer om det."),
    ("Its street address.", "Gatuadressen."),
    ("Its state.", "Läget."),
    ("Its state, when not that of the others.", "Läget, när det inte är de andras."),
    ("Its name.", "Namnet på platsen."),
    ("How well the site follows the rules.", "Hur väl webbplatsen följer kraven."),
    ("How to take part on the net.", "Hur man deltar på nätet."),
    (
        "How to take part on the net, when not as in the others.",
        "Hur man deltar på nätet, när det inte är som i de andra.",
    ),
    ("How to register.", "Hur man anmäler sig."),
    ("How many can take part.", "Hur många som får plats."),
    ("How it was assessed.", "Hur den bedömdes."),
    ("How grave it is; `info` unless given.", "Hur allvarligt det är; `info` om inget annat står."),
    ("A web address, or a path from this file.", "En webbadress, eller en sökväg från den här filen."),
    ("A link to a map.", "En länk till en karta."),
    ("a text, or `\"\"` for an image that only decorates", "en text, eller `\"\"` för en bild som bara pryder"),
    (
        "the slug of a person, or `name` with `email`, `phone` or `url`",
        "en persons slug, eller `name` med `email`, `phone` eller `url`",
    ),
    ("a web address such as `https://example.org/`", "en webbadress, som `https://example.org/`"),
    ("a list", "en lista"),
    ("a text", "en text"),
    ("`true` or `false`", "`true` eller `false`"),
    ("a whole number, 0 or more", "ett heltal, 0 eller mer"),
    ("a date such as `2021-11-17` or `2021-11-17T09:30`", "ett datum, som `2021-11-17` eller `2021-11-17T09:30`"),
    ("keys of your own", "egna nycklar"),
    (
        "Fill in the keys without a value. Take away the # before those you need.",
        "Fyll i nycklarna utan värde. Ta bort # framför dem du behöver.",
    ),
    ("Keys of this kind.", "Nycklar för det här slaget."),
    ("Keys of all kinds.", "Nycklar för alla slag."),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::text::HEADINGS;
    use super::*;
    use crate::data::KeyInfo;
    use crate::kind;
    use crate::model::Kind;

    fn texts(key: &KeyInfo, all: &mut BTreeSet<&'static str>) {
        all.extend([key.doc.trim(), key.expected]);
        (key.shape)().keys().iter().for_each(|inner| texts(inner, all));
    }

    #[test]
    fn every_explanation_has_its_swedish_and_nothing_else_has() {
        let mut all = BTreeSet::from(HEADINGS);
        for key in Kind::ALL.iter().flat_map(|kind| kind::keys(*kind)).flatten() {
            texts(key, &mut all);
        }
        let lacking: Vec<_> = all.iter().filter(|text| swedish(text) == **text).collect();
        assert!(lacking.is_empty(), "no Swedish for {lacking:#?}");
        let idle: Vec<_> = SWEDISH.iter().filter(|(text, _)| !all.contains(text)).collect();
        assert!(idle.is_empty(), "nothing says {idle:#?}");
        assert_eq!(
            SWEDISH.iter().map(|(text, _)| text).collect::<BTreeSet<_>>().len(),
            SWEDISH.len(),
            "each stands once"
        );
    }
}
