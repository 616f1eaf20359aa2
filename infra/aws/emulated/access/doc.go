// Package access is the part of AWS IAM that the emulator leaves out: it tells of each call of a
// function what it does to what, and whether the policies of the function's role allow that. It
// knows the calls that Tenantry makes, and takes every other for forbidden.
package access
