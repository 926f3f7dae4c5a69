/** Rules of five clauses as people ask them, by what is hard about each. */
export const previewedRules: Readonly<Record<string, string>> = {
  "few: best customers, some countries left out":
    'tier = "vip" and orders.count >= 5 and lastOrder within 30 days and not address.country in ("DE", "AT") ' +
    "and preferences.marketing.emailOptIn = true",
  "nearly everybody":
    'status = "active" and type = "individual" and tier != "vip" and not address.country = "FR" ' +
    "and preferences.notifications.orderUpdates = true",
  "the shop's own attributes":
    'profile.data.club = "gold" and profile.data.shoeSize between 40 and 46 and preferences.custom.theme = "dark" ' +
    'and preferences.language in ("de", "fr") and orders.count >= 1',
  alternatives:
    'orders.total >= 5000 or loyalty.points >= 400 or email startsWith "customer42" ' +
    "or (lastOrder within 7 days and preferences.marketing.smsOptIn = true)",
  "other segments":
    'segment("frequent-buyers") and not segment("vip-customers") and lastOrder not within 90 days ' +
    'and preferences.marketing.pushOptIn = true and address.city = "Paris"',
  "birthdays and age":
    "profile.dateOfBirth dayOfYear within 7 days and createdAt not within 365 days and orders.average >= 100 " +
    'and status in ("active", "pending") and profile.gender != "male"',
  "consents of several kinds":
    "preferences.marketing.emailOptIn = true and preferences.marketing.smsOptIn = true and profile.phone exists " +
    "and preferences.notifications.newsletters = true and preferences.marketing.pushOptIn = false",
  "parts of text":
    'email contains "77@" and profile.firstName startsWith "G" and profile.lastName != "Turing" ' +
    'and address.street contains "Main" and not address.country = "US"'
}

/** How many orders lead into {@link orderSegment}. */
export const ordersToCross = 5

/** The segment that customers get into by one more order. */
export const orderSegment = "frequent-buyers"

/** Segments beside the five that are there from the beginning, by their names. */
export const segmentRules: Readonly<Record<string, string>> = {
  [orderSegment]: `orders.count >= ${ordersToCross}`,
  "big-spenders": "orders.total >= 2000 and orders.average >= 100",
  "dach-buyers": 'address.country in ("DE", "AT", "CH") and orders.count >= 1',
  "lapsed-buyers": "orders.count >= 3 and lastOrder not within 180 days",
  "recent-buyers": "lastOrder within 30 days",
  "birthday-week": "profile.dateOfBirth dayOfYear within 7 days",
  "newsletter-readers":
    "preferences.notifications.newsletters = true and preferences.marketing.emailOptIn = true and lastOrder within 90 days",
  "reachable-by-text": 'preferences.marketing.smsOptIn = true and profile.phone exists and status = "active"',
  "german-speakers-abroad": 'preferences.language = "de" and not address.country in ("DE", "AT", "CH")',
  "gold-club": 'profile.data.club = "gold" and tier in ("premium", "vip")',
  "large-shoes": "profile.data.shoeSize >= 46",
  "point-collectors": "loyalty.points between 100 and 5000",
  "win-back": 'segment("lapsed-buyers") and preferences.marketing.emailOptIn = true',
  "best-customers-abroad":
    'tier = "vip" and orders.count >= 5 and lastOrder within 60 days and not address.country = "US" ' +
    "and preferences.marketing.emailOptIn = true",
  "new-businesses": 'type = "business" and createdAt within 90 days'
}
