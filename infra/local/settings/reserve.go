package settings

import (
	"fmt"
	"strconv"
	"strings"
)

// DiskReserve is the free space that is kept on the disk of the data folder: a percentage of the
// disk, and at least a number of bytes.
type DiskReserve struct{ Percent, Bytes uint64 }

// readReserve reads a reserve such as "5%,1GiB".
func readReserve(text string) (DiskReserve, error) {
	var reserve DiskReserve
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		var err error
		switch {
		case strings.HasSuffix(part, "%"):
			reserve.Percent, err = strconv.ParseUint(strings.TrimSuffix(part, "%"), 10, 8)
			if err == nil && reserve.Percent > 90 {
				err = strconv.ErrRange
			}
		case strings.HasSuffix(part, "MiB"):
			reserve.Bytes, err = strconv.ParseUint(strings.TrimSuffix(part, "MiB"), 10, 32)
			reserve.Bytes <<= 20
		case strings.HasSuffix(part, "GiB"):
			reserve.Bytes, err = strconv.ParseUint(strings.TrimSuffix(part, "GiB"), 10, 24)
			reserve.Bytes <<= 30
		default:
			err = strconv.ErrSyntax
		}
		if err != nil {
			return DiskReserve{}, fmt.Errorf(
				"TENANTRY_DISK_RESERVE is %q: set a percentage up to 90, a size in MiB or GiB, or both, as in 5%%,1GiB", text,
			)
		}
	}
	return reserve, nil
}
