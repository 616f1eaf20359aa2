// Package mimepart takes a raw mail apart into MIME parts (RFC 2045 to 2047), within limits, and
// decodes their text, names and types. It is lenient with mails that break the rules.
package mimepart
