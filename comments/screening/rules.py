"""The rules, each a function from a reading to the signals it found, safety first."""

from comments.screening import crisis, people, personal, robots, topics, watching

RULES = [
    crisis.crisis_now,
    crisis.crisis_past,
    crisis.crisis_like,
    crisis.violence,
    people.minor,
    people.third_party_health,
    personal.personal_email,
    personal.personal_phone,
    personal.personal_address,
    personal.personal_birthdate,
    personal.personal_record,
    topics.medical_dose,
    topics.medical_stop,
    topics.medical_cure,
    topics.promo,
    topics.spam_bot,
    topics.unkind,
    topics.off_topic,
    robots.trap,
    robots.too_fast,
    robots.markup,
    robots.links,
    robots.same_text,
    watching.watched_words,
    watching.blocked_hosts,
    watching.other_script,
    watching.other_language,
    watching.person,
]
