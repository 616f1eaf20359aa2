package diskspace

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Of returns the space of the disk that a folder is on.
func Of(folder string) (Space, error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return Space{}, err
	}
	var space Space
	if err := windows.GetDiskFreeSpaceEx(name, &space.Free, &space.Total, nil); err != nil {
		return Space{}, fmt.Errorf("measure the disk of %s: %w", folder, err)
	}
	return space, nil
}
