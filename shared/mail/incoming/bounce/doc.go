// Package bounce recognizes generated mails, and reads delivery reports, complaints and read
// receipts (RFC 3464, 5965, 8098), whether structured or in words.
package bounce
