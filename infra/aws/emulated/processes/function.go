package processes

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Function is the configuration of a deployed function.
type Function struct {
	// ARN identifies it, including its account and region.
	ARN string
	// Name, Handler and Version are as in the configuration.
	Name, Handler, Version string
	// Timeout is the maximum duration of one call.
	Timeout time.Duration
	// Memory is in megabytes. The program is told about it, but it is not enforced.
	Memory int
	// Environment holds the variables that the deployment sets.
	Environment map[string]string
	// Folder contains the function's unpacked code; the program in it is called bootstrap.
	Folder string
}

// Account is the account that a function runs in.
type Account struct {
	ID, Region string
	// Endpoint is the address of the AWS services.
	Endpoint string
}

// pool holds the processes of one function.
type pool struct {
	function Function
	account  Account
	output   func(function, line string)

	mutex  sync.Mutex
	idle   []*process
	all    map[*process]bool
	closed bool
}

// environment returns the variables that AWS Lambda sets for a process ("Defined runtime
// environment variables" in its documentation), and nothing of this machine's environment.
func (p *pool) environment(api string) []string {
	values := maps.Clone(p.function.Environment)
	if values == nil {
		values = map[string]string{}
	}
	maps.Copy(values, map[string]string{
		"_HANDLER":                        p.function.Handler,
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_REGION":                      p.account.Region,
		"AWS_DEFAULT_REGION":              p.account.Region,
		"AWS_ACCESS_KEY_ID":               p.account.ID,
		"AWS_SECRET_ACCESS_KEY":           "test",
		"AWS_SESSION_TOKEN":               p.function.Name, // so that its calls can be told apart from others'
		"AWS_ENDPOINT_URL":                p.account.Endpoint,
		"AWS_LAMBDA_FUNCTION_NAME":        p.function.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     p.function.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(p.function.Memory),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + p.function.Name,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"LAMBDA_TASK_ROOT":                p.function.Folder,
		"LANG":                            "en_US.UTF-8",
		"TZ":                              ":UTC",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin",
	})
	var list []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, name+"="+values[name])
	}
	return list
}

// call passes an event to a process. A process handles one event at a time; if all are busy,
// another one is started.
func (p *pool) call(ctx context.Context, c *call) {
	one, err := p.take()
	if err != nil {
		c.fail(err)
		return
	}
	if one.handle(ctx, c, p.function.Timeout) {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		if !p.closed {
			p.idle = append(p.idle, one)
			return
		}
	}
	p.drop(one)
}

func (p *pool) take() (*process, error) {
	if one, err := p.waiting(); one != nil || err != nil {
		return one, err
	}
	program := filepath.Join(p.function.Folder, "bootstrap")
	if _, err := os.Stat(program); err != nil { //nolint:gosec // the folder is where the code was unpacked
		return nil, fmt.Errorf("the code of %s has no program: %w", p.function.Name, err)
	}
	one, err := p.start()
	if err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.all[one] = true
	return one, nil
}

// waiting returns an idle process, or nil.
func (p *pool) waiting() (*process, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.closed {
		return nil, fmt.Errorf("the function %s was removed", p.function.Name)
	}
	for len(p.idle) > 0 {
		one := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if one.alive() {
			return one, nil
		}
		delete(p.all, one)
	}
	return nil, nil
}

func (p *pool) drop(one *process) {
	one.stop()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.all, one)
}

func (p *pool) close() {
	p.mutex.Lock()
	p.closed, p.idle = true, nil
	running := slices.Collect(maps.Keys(p.all))
	p.mutex.Unlock()
	for _, one := range running {
		one.stop()
	}
}
