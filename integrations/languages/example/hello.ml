(* SPDX-License-Identifier: MIT *)
let () =
  let last = Sys.argv.(Array.length Sys.argv - 1) in
  Printf.printf "hello from OCaml, %d\n" (String.length last)
