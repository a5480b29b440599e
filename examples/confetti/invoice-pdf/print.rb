def print(invoice)
  "%PDF #{invoice}"
end
