package kit

import (
	"net/url"
	"strings"

	"github.com/tenantry/tenantry/shared/identity/preference"
)

// ColumnsParameter is the parameter of the address of a list with the columns of a saved view, as in
// "status,updated". Without it, the list has the columns that the reader prefers.
const ColumnsParameter = "columns"

// ViewPath returns the address of a list, at a path, that shows a saved view.
func ViewPath(path string, view preference.View) string {
	query := url.Values{}
	for name, value := range view.Parameters {
		query.Set(name, value)
	}
	if len(view.Columns) > 0 {
		query.Set(ColumnsParameter, strings.Join(view.Columns, ","))
	}
	return addressOf(path, query)
}

// ViewAt returns what a list shows at an address: its parameters that have a value. columns are those
// that it has if the address names none.
func ViewAt(address string, columns []string) preference.View {
	view := preference.View{Parameters: map[string]string{}, Columns: columns}
	parsed, err := url.Parse(address)
	if err != nil {
		return view
	}
	for name, values := range parsed.Query() {
		value := strings.TrimSpace(values[0])
		switch {
		case value == "" || name == pagesParameter:
		case name == ColumnsParameter:
			view.Columns = strings.Split(value, ",")
		default:
			view.Parameters[name] = value
		}
	}
	return view
}
