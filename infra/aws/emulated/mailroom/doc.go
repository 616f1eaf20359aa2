// Package mailroom is the part of Amazon SES that the emulator lacks: the mail servers. Incoming
// mail is put into the bucket and announced in the topic, as SES does by a receipt rule; outgoing
// raw mail is delivered to the recipient's mail server.
package mailroom
