// Package parsed is what reading a mail yields: the message, its attachments, and what a delivery
// report in it says. It holds data only; the packages beside it fill it.
package parsed
