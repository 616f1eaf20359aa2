package kit

import "fmt"

// Point is a value of a chart. Path, if any, leads to what it counts.
type Point struct {
	Label string
	Value int64
	Path  string
}

// maxPoints is the maximum number of points of a chart; further ones are left out.
const maxPoints = 400

// The size of a chart in the units of its picture.
const chartWidth, chartHeight = 640, 160

func largest(points []Point) int64 {
	most := int64(1)
	for _, point := range points {
		most = max(most, point.Value)
	}
	return most
}

func limited(points []Point) []Point { return points[:min(len(points), maxPoints)] }

// share returns the width of a value's bar, out of 100.
func share(value, most int64) string { return fmt.Sprintf("%.1f", float64(value)*100/float64(most)) }

// chartBar is a column of a chart.
type chartBar struct {
	x, y, width, height string
	point               Point
}

// chartBars returns the columns of a chart.
func chartBars(points []Point) []chartBar {
	most, step := largest(points), float64(chartWidth)/float64(max(1, len(points)))
	all := make([]chartBar, len(points))
	for i, point := range points {
		height := float64(point.Value) * (chartHeight - 10) / float64(most)
		all[i] = chartBar{
			x: fmt.Sprintf("%.1f", float64(i)*step+step*0.1), width: fmt.Sprintf("%.1f", step*0.8),
			y: fmt.Sprintf("%.1f", chartHeight-height), height: fmt.Sprintf("%.1f", height), point: point,
		}
	}
	return all
}
