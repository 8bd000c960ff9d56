-- For wrk: the requests of a file, one a line, path and body with a tab between them, over and over.
local requests, at = {}, 0

init = function()
  local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json", ["Authorization"] = "Bearer bench" }
  for line in io.lines(os.getenv("BENCH_PUTS")) do
    local path, body = line:match("^(%S+)\t(.*)$")
    requests[#requests + 1] = wrk.format("PUT", (os.getenv("BENCH_PREFIX") or "") .. path, headers, body)
  end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end

done = function(summary)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("RATE %.1f BAD %d\n", summary.requests / summary.duration * 1e6, bad))
end
