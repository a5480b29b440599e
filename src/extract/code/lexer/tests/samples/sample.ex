defmodule Sample do
  @doc """
  It's a "documentation" # no comment
  """
  @pattern ~r/it's "quoted" #{"a"}/iu
  @words ~w(a 'b [)a
  def a(b, c \\ %{"d" => 1}) do
    e = "f #{c["g"]} #{"h #{b}"} i" # it's a comment
    j = ~s{k "l" 'm'} <> ~S(n \ "o) <> ~s|p "(|
    q = [?", ?', ?\\, ?(, :"r s", "t u": 1]
    v = 'char"list'
    x = """
    it's #{if q do
      """
      nested # no comment
      """
    end} "still" text
    """
    ~H"""
    <p class="it's">{w}</p>
    """
    (b && e) || [j, q, v, x] |> Enum.map(&(&1 / 2))
  end
end
