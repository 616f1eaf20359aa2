// Package calendar sums up the calendar parts of a mail (RFC 5545) in a line each.
package calendar
