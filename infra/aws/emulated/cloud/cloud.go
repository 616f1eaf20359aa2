package cloud

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
	stacksettings "github.com/tenantry/tenantry/infra/aws/settings"
)

// Settings configure an emulated AWS.
type Settings struct {
	// Tools is the folder in which the tools are installed once; "" for .tools of the repository.
	Tools string
	// Context holds settings of the stacks (infra/aws/settings), by name.
	Context map[string]string
	Log     *slog.Logger
	Now     func() time.Time
}

// Cloud is a running emulated AWS with Tenantry's stacks ready to be deployed.
type Cloud struct {
	settings Settings
	folder   string
	assembly assembly
	emulator *emulator
	host     *processes.Host
	proxy    string
	front    *front
	codes    *codes

	mutex         sync.Mutex
	installations map[string]*Installation
	last          int
}

// Start builds the functions' program, synthesizes the templates and starts the emulator. Close
// stops everything and removes it.
func Start(ctx context.Context, settings Settings) (*Cloud, error) {
	root, err := stacksettings.Repository()
	if err != nil {
		return nil, err
	}
	if settings.Tools == "" {
		settings.Tools = filepath.Join(root, ".tools")
	}
	folder, err := os.MkdirTemp("", "tenantry-aws-")
	if err != nil {
		return nil, err
	}
	c := &Cloud{
		settings:      settings,
		folder:        folder,
		installations: map[string]*Installation{},
		codes:         &codes{folder: filepath.Join(folder, "code")},
	}
	if err := c.start(ctx, root); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cloud) start(ctx context.Context, root string) error {
	timed := func(what string, step func() error) error {
		began := time.Now()
		if err := step(); err != nil {
			return err
		}
		c.settings.Log.Info(what, "took", time.Since(began).Round(10*time.Millisecond))
		return nil
	}
	t := tools{folder: c.settings.Tools}
	var ministack, cdk string
	if err := timed("the tools are installed", func() (err error) {
		if ministack, err = t.miniStack(ctx); err == nil {
			cdk, err = t.cdk(ctx)
		}
		return err
	}); err != nil {
		return err
	}
	code, out := filepath.Join(c.folder, "program"), filepath.Join(c.folder, "cdk.out")
	err := timed("the functions' program is built", func() error { return buildProgram(ctx, root, code) })
	if err != nil {
		return err
	}
	if err := timed("the templates are made", func() (err error) {
		if err = synthesize(ctx, root, cdk, code, out, c.settings.Context); err == nil {
			c.assembly, err = readAssembly(out)
		}
		return err
	}); err != nil {
		return err
	}
	return timed("the emulator answers", func() (err error) {
		if c.emulator, err = startEmulator(ctx, ministack, c.folder); err != nil {
			return err
		}
		if c.front, err = c.startFront(ctx); err != nil {
			return fmt.Errorf("the proxy between functions and AWS: %w", err)
		}
		c.host = &processes.Host{Find: c.find, Output: c.output, Before: c.before, After: after, Log: c.settings.Log}
		c.proxy, err = c.host.Start(ctx)
		return err
	})
}

// Close stops all installations, their processes and the emulator.
func (c *Cloud) Close() {
	c.mutex.Lock()
	var left []*Installation
	for _, one := range c.installations {
		left = append(left, one)
	}
	c.mutex.Unlock()
	for _, one := range left {
		one.shut()
	}
	if c.host != nil && c.proxy != "" {
		c.host.Close()
	}
	if c.front != nil {
		_ = c.front.server.Close()
	}
	if c.emulator != nil {
		c.emulator.stop()
	}
	if err := os.RemoveAll(c.folder); err != nil {
		c.settings.Log.Error("the folder of the emulated AWS cannot be removed", "error", err)
	}
}

// Folder returns the path of a folder that is removed with everything else.
func (c *Cloud) Folder(name string) string { return filepath.Join(c.folder, name) }

// EmulatorLog returns MiniStack's log.
func (c *Cloud) EmulatorLog() string {
	log, err := os.ReadFile(c.emulator.log)
	if err != nil {
		return err.Error()
	}
	return string(log)
}

func (c *Cloud) installation(region string) *Installation {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.installations[region]
}

func (c *Cloud) output(region, function, line string) {
	if one := c.installation(region); one != nil {
		one.settings.Output(function, line)
	}
}
