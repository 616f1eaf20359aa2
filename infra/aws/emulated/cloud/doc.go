// Package cloud brings up an emulated AWS on this machine and puts Tenantry into it: the real
// stacks of infra/aws, the real program of the functions. What MiniStack, the emulator, does
// otherwise than AWS is made up for here, in processes, in mailroom and in access;
// docs/emulators.md has the list.
package cloud
