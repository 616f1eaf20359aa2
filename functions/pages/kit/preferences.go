package kit

import "github.com/tenantry/tenantry/shared/identity"

// prefer sets what the reader prefers: language, time zone, theme and density.
func (f *Frame) prefer(identity.Principal) {}
