# Draws what W11 saw at one level. Variables: data, picture, level (per cent of memory held).
stats data using 4 every ::50 nooutput name 'ours'
stats data using 7 every ::50 nooutput name 'reference'
most = ours_max > reference_max ? ours_max : reference_max
set terminal svg size 900,820 font 'sans-serif,13' background '#ffffff' linewidth 1.4
set output picture
set multiplot layout 3,1 title sprintf('W11: a changing population, %d %% of memory held', level) \
    margins 0.12,0.97,0.07,0.92 spacing 0.02,0.06
set style line 1 lc rgb '#0060ad'
set style line 2 lc rgb '#d95319'
set grid ytics lc rgb '#dddddd'
set border 3 lc rgb '#555555'
set tics nomirror
set autoscale xfix
set xtics format ''
set key top right horizontal
set yrange [0:1.25 * most + 1]
set ylabel 'blocks of 2 MiB'
plot data using ($1/1e6):4 with lines ls 1 title 'allocman', '' using ($1/1e6):7 with lines ls 2 title 'eager binary buddy'
unset key
set ylabel 'largest block, MiB'
set logscale y 2
set yrange [0.03:*]
set ytics add ('1/16' 0.0625, '1/4' 0.25)
plot data using ($1/1e6):3 with steps ls 1, '' using ($1/1e6):6 with steps ls 2
unset logscale y
unset ytics
set ytics nomirror
set yrange [0:1<*]
set xtics format '%g'
set xlabel 'operations, millions'
set ylabel 'requests refused'
plot data using ($1/1e6):5 with lines ls 1, '' using ($1/1e6):8 with lines ls 2
unset multiplot
