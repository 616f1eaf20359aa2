package processes_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
)

// TestMain is also the functions' program: it runs as one if the environment names Lambda's runtime
// API.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		os.Exit(m.Run())
	}
	switch os.Getenv("_HANDLER") {
	case "broken":
		fmt.Fprintln(os.Stderr, "a setting is missing")
		os.Exit(1)
	default:
		lambda.Start(handle)
	}
}

// reply is what the functions of these tests return.
type reply struct {
	Process     int
	Environment []string
	Padding     string
}

func handle(ctx context.Context, event map[string]string) (reply, error) {
	switch event["do"] {
	case "fail":
		return reply{}, errors.New("it is Sunday")
	case "hang":
		<-ctx.Done() // the program ignores its deadline
		time.Sleep(time.Minute)
	case "end":
		os.Exit(3)
	case "wait":
		time.Sleep(200 * time.Millisecond)
	case "much":
		return reply{Padding: strings.Repeat("x", 7<<20)}, nil
	}
	return reply{Process: os.Getpid(), Environment: os.Environ()}, nil
}

// world is a host with functions.
type world struct {
	t       *testing.T
	address string
	mutex   sync.Mutex
	lines   []string
}

func newWorld(t *testing.T, edit func(*processes.Host)) *world {
	t.Helper()
	folder := t.TempDir()
	program, err := os.Executable()
	check(t, err)
	check(t, os.Symlink(program, filepath.Join(folder, "bootstrap")))
	w := &world{t: t}
	host := &processes.Host{
		Find: func(_ context.Context, arn string) (processes.Function, processes.Account, error) {
			name := arn[strings.LastIndex(arn, ":")+1:]
			if name == "absent" {
				return processes.Function{}, processes.Account{}, errors.New("there is no such function")
			}
			return processes.Function{
				ARN:         arn,
				Name:        name,
				Handler:     name,
				Version:     "$LATEST",
				Timeout:     time.Second,
				Memory:      256,
				Folder:      folder,
				Environment: map[string]string{"OWN": "yes", "AWS_REGION": "another"},
			}, processes.Account{ID: "000000000000", Region: "eu-central-1", Endpoint: "http://127.0.0.1:1"}, nil
		},
		Output: func(_, _, line string) {
			w.mutex.Lock()
			defer w.mutex.Unlock()
			w.lines = append(w.lines, line)
		},
		Before: func(_ string, event []byte) ([]byte, bool) { return event, false },
		After:  func(_, answer []byte) ([]byte, error) { return answer, nil },
		Log:    slog.New(slog.DiscardHandler),
	}
	if edit != nil {
		edit(host)
	}
	w.address, err = host.Start(t.Context())
	check(t, err)
	t.Cleanup(host.Close)
	return w
}

// call calls a function as MiniStack does.
func (w *world) call(function, event string) (int, []byte) {
	w.t.Helper()
	request, err := http.NewRequest(http.MethodPost, w.address, strings.NewReader(event))
	check(w.t, err)
	request.Header.Set("X-Amzn-Lambda-Function-Arn", "arn:aws:lambda:eu-central-1:000000000000:function:"+function)
	request.Header.Set("X-Amzn-Lambda-Request-Id", "0198a000-0000-7000-8000-000000000001")
	response, err := http.DefaultClient.Do(request)
	check(w.t, err)
	body, err := io.ReadAll(response.Body)
	check(w.t, errors.Join(err, response.Body.Close()))
	return response.StatusCode, body
}

func (w *world) reply(event string) reply {
	w.t.Helper()
	status, body := w.call("usual", event)
	if status != http.StatusOK {
		w.t.Fatalf("status %d: %s", status, body)
	}
	var answer reply
	check(w.t, json.Unmarshal(body, &answer))
	return answer
}

// failure checks that a call fails with the given words.
func (w *world) failure(function, event, words string) {
	w.t.Helper()
	if status, body := w.call(function, event); status != http.StatusInternalServerError ||
		!bytes.Contains(body, []byte(words)) {
		w.t.Errorf("%s: status %d: %s; want 500 and %q", event, status, body[:min(len(body), 300)], words)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAProcessIsKeptForTheNextCall(t *testing.T) {
	w := newWorld(t, nil)
	if first, second := w.reply(`{}`), w.reply(`{}`); first.Process != second.Process {
		t.Errorf("two consecutive calls used the processes %d and %d", first.Process, second.Process)
	}
}

func TestCallsAtTheSameTimeHaveProcessesOfTheirOwn(t *testing.T) {
	w := newWorld(t, nil)
	var calling sync.WaitGroup
	replies := make([]reply, 3)
	for n := range replies {
		calling.Go(func() { replies[n] = w.reply(`{"do":"wait"}`) })
	}
	calling.Wait()
	if replies[0].Process == replies[1].Process || replies[1].Process == replies[2].Process ||
		replies[0].Process == replies[2].Process {
		t.Errorf("the processes are %d, %d and %d", replies[0].Process, replies[1].Process, replies[2].Process)
	}
}

func TestAFunctionSeesLambdasEnvironmentAndNothingOfTheMachines(t *testing.T) {
	t.Setenv("SECRET_OF_THIS_MACHINE", "1")
	environment := strings.Join(newWorld(t, nil).reply(`{}`).Environment, "\n")
	for _, want := range []string{"OWN=yes", "_HANDLER=usual", "AWS_REGION=eu-central-1",
		"AWS_LAMBDA_FUNCTION_NAME=usual", "AWS_ENDPOINT_URL=http://127.0.0.1:1"} {
		if !strings.Contains(environment, want) {
			t.Errorf("the environment lacks %s:\n%s", want, environment)
		}
	}
	if strings.Contains(environment, "SECRET_OF_THIS_MACHINE") || strings.Contains(environment, "HOME=") {
		t.Errorf("the environment contains something of the machine's:\n%s", environment)
	}
}

func TestAFunctionThatFailsEndsOrHangsSaysSoAndTheNextCallWorks(t *testing.T) {
	w := newWorld(t, nil)
	w.failure("usual", `{"do":"fail"}`, "it is Sunday")
	w.failure("usual", `{"do":"end"}`, "ended before it answered")
	w.failure("usual", `{"do":"hang"}`, "Task timed out after 1.00 seconds")
	w.failure("usual", `{"do":"much"}`, "larger than")
	w.failure("usual", `{"do":"`+strings.Repeat("x", 7<<20)+`"}`, "larger than")
	w.failure("absent", `{}`, "there is no such function")
	w.reply(`{}`)
}

func TestAFunctionThatCannotStartSaysWhyInItsLog(t *testing.T) {
	w := newWorld(t, nil)
	w.failure("broken", `{}`, "ended before it asked for an event")
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if all := strings.Join(w.lines, "\n"); !strings.Contains(all, "a setting is missing") {
		t.Errorf("the log is %q", all)
	}
}

func TestAnEventCanBeChangedRepeatedAndFoundToHaveFailed(t *testing.T) {
	calls := 0
	w := newWorld(t, func(h *processes.Host) {
		h.Before = func(region string, event []byte) ([]byte, bool) {
			if region != "eu-central-1" {
				t.Errorf("the region is %q", region)
			}
			return bytes.ReplaceAll(event, []byte("never"), []byte("fail")), true
		}
		h.After = func(_, answer []byte) ([]byte, error) {
			calls++
			if calls == 2 {
				return nil, errors.New("half of it failed")
			}
			return bytes.Replace(answer, []byte(`"Padding":""`), []byte(`"Padding":"changed"`), 1), nil
		}
	})
	w.failure("usual", `{"do":"never"}`, "it is Sunday")
	if got := w.reply(`{}`); got.Padding != "changed" {
		t.Errorf("the answer is %+v", got)
	}
	w.failure("usual", `{}`, "half of it failed")
}
