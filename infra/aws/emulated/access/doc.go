// Package access is the part of AWS IAM that the emulator lacks: it determines which actions on
// which resources a request of a function needs, and whether the policies of the function's role
// allow them. It knows the requests that Tenantry makes and denies all others.
package access
