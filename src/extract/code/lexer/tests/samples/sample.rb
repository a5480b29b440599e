#!/usr/bin/env ruby
a = "b #{c["d"]} #{"e #{'f'}"} g" # it's a comment
h = %w[a 'b (] + %i[c d] + [%q(it's (nested) "quoted"), %(x #{y["z"]} "w"), %Q{a {b} c}]
call(<<~ONE, <<-'TWO', 'three')
  it's #{x} "
ONE
  it's # no comment
  TWO
text = <<~SQL.strip
  SELECT 'a' -- (
SQL
i = j / k / 2; l = m ? 'n' : "o"
p = q =~ /['"#]+\/#{r["s"]}/i ? 1 : 2
call(<<~WARNING, "y \"#{a.gsub(/[\\"]/, 'z')}\"")
  WARNING: it's no end
WARNING
get %r{/a/(?<b>[^/"]+)} do |b| end
get /it's/ do end
t = [?a, ?', $', $", :"u v", :/, "w": 1]
x = /
  ['"] # the quotes
/x
def %(other) = other % 2
def empty? = size == 0 ? 'y' : "z"
puts `ls #{dir} "it's"`, 'several
lines', "a \
b"
=begin
It's "all" a comment (
=end
case y when /z'/ then 1 end
__END__
It's (no code
