package searchbench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/search"
)

const (
	// vocabulary is the number of different words. Their frequencies follow Zipf's law, as in
	// natural languages.
	vocabulary = 50_000
	zipf       = 1.07
	// rareWords is the number of rare words. Each occurs in rareTexts documents, whatever the size
	// of the corpus.
	rareWords = 50
	rareTexts = 10
)

// corpus generates the same documents each time, without storing them.
type corpus struct {
	size  int64
	words []string
}

func newCorpus(size int64) *corpus {
	random := rand.New(rand.NewPCG(1, 2))
	c := &corpus{size: size}
	seen := map[string]bool{}
	for len(c.words) < vocabulary {
		if word := newWord(random, len(c.words)); !seen[word] {
			seen[word] = true
			c.words = append(c.words, word)
		}
	}
	return c
}

// newWord returns a random word. The most frequent words are short.
func newWord(random *rand.Rand, rank int) string {
	onsets := strings.Fields("b c d f g h j k l m n p qu r s t v w z st tr pl ch sh gr br cl th sp")
	nuclei := strings.Fields("a e i o u a e i o u ai ea ou io")
	codas := strings.Fields("n r s t l m d ck ng nt st x . . . . . . . .")
	syllables := 2 + random.IntN(3)
	if rank < 200 {
		syllables = 1 + random.IntN(2)
	}
	var word strings.Builder
	for range syllables {
		word.WriteString(onsets[random.IntN(len(onsets))] + nuclei[random.IntN(len(nuclei))])
		if coda := codas[random.IntN(len(codas))]; coda != "." {
			word.WriteString(coda)
		}
	}
	return word.String()
}

// random returns the random numbers of a document, which are the same each time.
func (c *corpus) random(number int64) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(number), 7))
}

// text returns 200 to 400 characters: words, reference numbers, and sometimes a rare word.
func (c *corpus) text(number int64) string {
	random := c.random(number)
	words := rand.NewZipf(random, zipf, 2, vocabulary-1)
	length := 200 + random.IntN(200)
	var text strings.Builder
	for text.Len() < length {
		text.WriteString(c.words[words.Uint64()])
		if text.WriteByte(' '); random.IntN(12) == 0 {
			text.WriteString("INV-" + fmt.Sprint(10_000_000+random.IntN(90_000_000)) + ". ")
		}
	}
	if every := max(1, c.size/(rareWords*rareTexts)); number%every == 0 {
		text.WriteString(rareWord(number / every % rareWords))
	}
	return text.String()
}

// rareWord returns a word that is not in the vocabulary.
func rareWord(index int64) string {
	return newWord(rand.New(rand.NewPCG(uint64(index), 99)), vocabulary) + "xqz" + fmt.Sprint(index)
}

var (
	states     = []string{"open", "pending", "resolved", "closed"}
	severities = []string{"low", "medium", "high", "critical"}
	categories = strings.Fields("billing licence access network mail backup printer device migration security " +
		"account other")
)

// document returns a document with the fields of a support case, distributed about as in practice.
func (c *corpus) document(number int64) search.Document {
	random := c.random(number + 1<<40)
	text := c.text(number)
	created := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Minute)
	changed := created.Add(time.Duration(random.ExpFloat64() * float64(72*time.Hour)))
	state := states[3]
	if random.IntN(10) == 0 || number > c.size-500 {
		state = states[random.IntN(3)]
	}
	severity := severities[min(3, int(random.ExpFloat64()*1.2))]
	submitter := fmt.Sprintf("user%d@example.com", int(random.ExpFloat64()*float64(c.size)/1000))
	data, err := json.Marshal(map[string]any{
		"id":        fmt.Sprintf("%032x", number),
		"subject":   text[:60],
		"state":     state,
		"severity":  severity,
		"changed":   changed.UnixMicro(),
		"submitter": submitter,
	})
	if err != nil {
		panic(err) // cannot happen: the values are strings and numbers
	}
	return search.Document{
		Number:  number,
		Version: 1 + random.Int64N(9),
		Changed: changed.UnixMicro(),
		Text:    text,
		Data:    data,
		Terms: []search.Term{
			{Field: "state", Value: state},
			{Field: "severity", Value: severity},
			{Field: "category", Value: categories[min(random.IntN(12), random.IntN(12))]},
			{Field: "assignee", Value: fmt.Sprintf("agent%d", random.IntN(20))},
			{Field: "org", Value: fmt.Sprintf("org%d", int(random.ExpFloat64()*20))},
			{Field: "submitter", Value: submitter},
			{Field: "source", Value: []string{"mail", "portal", "api"}[random.IntN(3)]},
			{Field: "day", Value: created.Format(time.DateOnly)},
		},
		Counted: []search.Term{
			{Field: state + "/severity", Value: severity},
			{Field: "month", Value: created.Format("2006-01")},
		},
		Orders: map[string]string{
			"created":  created.Format(time.RFC3339),
			"changed":  changed.Format(time.RFC3339),
			"subject":  search.Fold(text[:40]),
			"severity": severity + changed.Format(time.RFC3339),
		},
	}
}

// numbersAtOnce is how many numbers are returned at once.
const numbersAtOnce = 1000

// Numbers returns the next numbers; the corpus is a search.Source.
func (c *corpus) Numbers(_ context.Context, cursor string) (numbers []int64, next string, err error) {
	from := int64(1)
	if cursor != "" {
		if from, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", err
		}
	}
	for number := from; number <= c.size; number++ {
		if len(numbers) == numbersAtOnce {
			return numbers, strconv.FormatInt(number, 10), nil
		}
		numbers = append(numbers, number)
	}
	return numbers, "", nil
}

// Documents returns documents of the corpus.
func (c *corpus) Documents(_ context.Context, numbers []int64) ([]search.Document, error) {
	docs := make([]search.Document, len(numbers))
	for i, number := range numbers {
		docs[i] = c.document(number)
	}
	return docs, nil
}
