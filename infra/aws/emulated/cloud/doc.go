// Package cloud starts an emulated AWS on this machine and deploys Tenantry into it: the real
// stacks of infra/aws and the real program of the functions. It works around the differences
// between MiniStack, the emulator, and AWS, together with the packages processes, mailroom and
// access; docs/emulators.md lists them.
package cloud
