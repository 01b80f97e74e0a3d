; SPDX-License-Identifier: BSD-2-Clause
; Copyright 2026, the allocman authors

; The axioms of words.h, as formulas about words of 64 bits: what each negates must be unsatisfiable. Those that define a name
; (runs_0, runs_next, starts_are, fold_is) are the definitions here. Integers of the axioms are words here, their bounds say
; that they fit. scripts/proofs compares the names and has z3 and CVC4 prove all.

(set-logic QF_BV)
(define-sort W () (_ BitVec 64))
(declare-const x W)
(declare-const y W)
(declare-const i W)
(declare-const j W)
(declare-const n W)
(declare-const order W)
(define-fun bit ((x W) (i W)) Bool (not (= (bvand x (bvshl #x0000000000000001 i)) #x0000000000000000)))
(define-fun within ((n W) (end W)) Bool (bvult n end))
(define-fun zero () W #x0000000000000000)
(define-fun one () W #x0000000000000001)
(define-fun bits () W #x0000000000000040)
(define-fun all () W #xffffffffffffffff)
(define-fun half_word () W #x00000000ffffffff)
(define-fun power ((n W)) W (bvshl one n))
(define-fun upper ((x W)) W (bvlshr x #x0000000000000020))
(define-fun lower ((x W)) W (bvand x half_word))

; Scans: by halves.
(define-fun step_up ((x W) (n W)) W (ite (= (bvand x (bvsub (power n) one)) zero) n zero))
(define-fun lowest ((x W)) W
  (let ((a (step_up x #x0000000000000020)))
  (let ((b (bvadd a (step_up (bvlshr x a) #x0000000000000010))))
  (let ((c (bvadd b (step_up (bvlshr x b) #x0000000000000008))))
  (let ((d (bvadd c (step_up (bvlshr x c) #x0000000000000004))))
  (let ((e (bvadd d (step_up (bvlshr x d) #x0000000000000002))))
  (bvadd e (step_up (bvlshr x e) #x0000000000000001))))))))
(define-fun step_down ((x W) (n W)) W (ite (= (bvlshr x n) zero) zero n))
(define-fun highest ((x W)) W
  (let ((a (step_down x #x0000000000000020)))
  (let ((b (bvadd a (step_down (bvlshr x a) #x0000000000000010))))
  (let ((c (bvadd b (step_down (bvlshr x b) #x0000000000000008))))
  (let ((d (bvadd c (step_down (bvlshr x c) #x0000000000000004))))
  (let ((e (bvadd d (step_down (bvlshr x d) #x0000000000000002))))
  (bvadd e (step_down (bvlshr x e) #x0000000000000001))))))))

; Runs.
(define-fun fold ((r W) (n W) (starts W)) W (bvand r (bvlshr r (power n)) starts))
(define-fun runs0 ((x W)) W x)
(define-fun runs1 ((x W)) W (fold (runs0 x) #x0000000000000000 #x5555555555555555))
(define-fun runs2 ((x W)) W (fold (runs1 x) #x0000000000000001 #x1111111111111111))
(define-fun runs3 ((x W)) W (fold (runs2 x) #x0000000000000002 #x0101010101010101))
(define-fun runs4 ((x W)) W (fold (runs3 x) #x0000000000000003 #x0001000100010001))
(define-fun runs5 ((x W)) W (fold (runs4 x) #x0000000000000004 #x0000000100000001))
(define-fun runs6 ((x W)) W (fold (runs5 x) #x0000000000000005 #x0000000000000001))
(define-fun runs ((x W) (order W)) W
  (ite (= order #x0000000000000000) (runs0 x) (ite (= order #x0000000000000001) (runs1 x)
  (ite (= order #x0000000000000002) (runs2 x) (ite (= order #x0000000000000003) (runs3 x)
  (ite (= order #x0000000000000004) (runs4 x) (ite (= order #x0000000000000005) (runs5 x) (runs6 x))))))))
(define-fun longest ((x W)) W
  (ite (not (= (runs6 x) zero)) #x0000000000000007 (ite (not (= (runs5 x) zero)) #x0000000000000006
  (ite (not (= (runs4 x) zero)) #x0000000000000005 (ite (not (= (runs3 x) zero)) #x0000000000000004
  (ite (not (= (runs2 x) zero)) #x0000000000000003 (ite (not (= (runs1 x) zero)) #x0000000000000002
  (ite (not (= x zero)) #x0000000000000001 zero))))))))
(define-fun is_order ((n W)) Bool (bvule n #x0000000000000006))
(define-fun into ((i W) (order W)) W (bvand i (bvsub (power order) one))) ; i % 2^order
(define-fun start ((i W) (order W)) W (bvsub i (into i order)))
(define-fun run_mask ((i W) (order W)) W
  (bvshl (bvlshr all (lower (bvsub bits (lower (power order)))))
         (bvand i (lower (bvnot (bvsub (lower (power order)) one))))))
(define-fun nibble ((x W) (i W)) W (bvand (lower (bvlshr x (bvmul #x0000000000000004 i))) #x000000000000000f))

(push 1) (echo "lowest_range")
(assert (not (=> (not (= x zero)) (within (lowest x) bits))))
(check-sat) (pop 1)

(push 1) (echo "lowest_bit")
(assert (not (=> (not (= x zero)) (bit x (lowest x)))))
(check-sat) (pop 1)

(push 1) (echo "lowest_first")
(assert (not (=> (and (not (= x zero)) (within i (lowest x))) (not (bit x i)))))
(check-sat) (pop 1)

(push 1) (echo "lowest_mask")
(assert (not (=> (and (not (= x zero)) (bvult zero n) (within n bits))
  (= (= (bvand x (bvsub (power n) one)) zero) (bvule n (lowest x))))))
(check-sat) (pop 1)

(push 1) (echo "lowest_shift")
(assert (not (=> (and (not (= x zero)) (bvule n (lowest x)))
  (and (not (= (bvlshr x n) zero)) (= (lowest (bvlshr x n)) (bvsub (lowest x) n))))))
(check-sat) (pop 1)

(push 1) (echo "lowest_half")
(assert (not (=> (not (= (lower x) zero)) (= (lowest (lower x)) (lowest x)))))
(check-sat) (pop 1)

(push 1) (echo "lowest_upper")
(assert (not (=> (and (not (= x zero)) (= (lower x) zero)) (= (lowest (upper x)) (bvsub (lowest x) #x0000000000000020)))))
(check-sat) (pop 1)

(push 1) (echo "highest_range")
(assert (not (=> (not (= x zero)) (within (highest x) bits))))
(check-sat) (pop 1)

(push 1) (echo "highest_bit")
(assert (not (=> (not (= x zero)) (bit x (highest x)))))
(check-sat) (pop 1)

(push 1) (echo "highest_last")
(assert (not (=> (and (not (= x zero)) (bvult (highest x) i) (within i bits)) (not (bit x i)))))
(check-sat) (pop 1)

(push 1) (echo "highest_shift")
(assert (not (=> (and (not (= x zero)) (within n bits))
  (and (= (not (= (bvlshr x n) zero)) (bvule n (highest x)))
       (=> (bvule n (highest x)) (= (highest (bvlshr x n)) (bvsub (highest x) n)))))))
(check-sat) (pop 1)

(push 1) (echo "highest_half")
(assert (not (=> (and (not (= x zero)) (= (upper x) zero)) (= (highest (lower x)) (highest x)))))
(check-sat) (pop 1)

(push 1) (echo "highest_upper")
(assert (not (=> (not (= (upper x) zero)) (= (highest (upper x)) (bvsub (highest x) #x0000000000000020)))))
(check-sat) (pop 1)

(push 1) (echo "powers")
(assert (not (and (= (power #x0000000000000000) #x0000000000000001) (= (power #x0000000000000001) #x0000000000000002) (= (power #x0000000000000002) #x0000000000000004) (= (power #x0000000000000003) #x0000000000000008) (= (power #x0000000000000004) #x0000000000000010) (= (power #x0000000000000005) #x0000000000000020) (= (power #x0000000000000006) #x0000000000000040) (= (power #x0000000000000007) #x0000000000000080) (= (power #x0000000000000008) #x0000000000000100))))
(check-sat) (pop 1)

(push 1) (echo "halves")
(assert (not (=> (and (= (lower x) zero) (= (upper x) zero)) (= x zero))))
(check-sat) (pop 1)

(push 1) (echo "and_range")
(assert (not (and (bvule (bvand x y) x) (bvule (bvand x y) y))))
(check-sat) (pop 1)

(push 1) (echo "mask_bits")
(assert (not (=> (and (bvule n bits) (within i bits))
  (= (bit (ite (= n bits) all (bvsub (power n) one)) i) (within i n)))))
(check-sat) (pop 1)

(push 1) (echo "runs_mean")
(assert (not (=> (and (is_order order) (within i bits))
  (= (bit (runs x order) i)
     (and (= (into i order) zero) (= (bvand (bvlshr x i) (bvsub (power (power order)) one)) (bvsub (power (power order)) one)))))))
(check-sat) (pop 1)

(push 1) (echo "runs_whole")
(assert (not (= (not (= (runs x #x0000000000000006) zero)) (= x all))))
(check-sat) (pop 1)

(push 1) (echo "longest_range")
(assert (not (bvule (longest x) #x0000000000000007)))
(check-sat) (pop 1)

(push 1) (echo "longest_is")
(assert (not (=> (is_order order) (= (not (= (runs x order) zero)) (bvult order (longest x))))))
(check-sat) (pop 1)

(push 1) (echo "run_test")
(assert (not (=> (and (within i bits) (is_order order))
  (= (= (run_mask i order) (bvand x (run_mask i order))) (bit (runs x order) (start i order))))))
(check-sat) (pop 1)

(push 1) (echo "run_taken")
(assert (not (=> (and (not (= x zero)) (not (and (= (into (lowest x) (bvsub (longest x) one)) zero)
                                 (bit (runs x (bvsub (longest x) one)) (lowest x)))))
  (= (longest (bvand x (bvsub x one))) (longest x)))))
(check-sat) (pop 1)

(push 1) (echo "run_given")
(assert (not (=> (and (within n bits) (not (bit x n))
         (not (bit (runs (bvor x (power n)) (longest x)) (start n (longest x)))))
  (= (longest (bvor x (power n))) (longest x)))))
(check-sat) (pop 1)

(push 1) (echo "not_whole")
(assert (not (=> (and (within n bits) (not (bit x n))) (is_order (longest x)))))
(check-sat) (pop 1)

(push 1) (echo "nibble_range")
(assert (not (=> (within i #x0000000000000010) (bvule (nibble x i) #x000000000000000f))))
(check-sat) (pop 1)

(push 1) (echo "nibble_set")
(assert (not (=> (and (within i #x0000000000000010) (within j #x0000000000000010) (within n #x0000000000000010))
  (= (nibble (bvxor x (bvshl (bvxor (nibble x i) n) (bvmul #x0000000000000004 i))) j) (ite (= i j) n (nibble x j))))))
(check-sat) (pop 1)

(push 1) (echo "without_bits")
(assert (not (=> (and (not (= x zero)) (within i bits))
  (= (bit (bvand x (bvsub x one)) i) (and (bit x i) (not (= i (lowest x))))))))
(check-sat) (pop 1)

(push 1) (echo "with_bits")
(assert (not (=> (and (within n bits) (within i bits)) (= (bit (bvor x (power n)) i) (or (bit x i) (= i n))))))
(check-sat) (pop 1)

(push 1) (echo "in_word")
(assert (not (=> (= x (lower x)) (= (bvand x #x000000000000003f) (bvurem x bits)))))
(check-sat) (pop 1)

(push 1) (echo "below_run")
(assert (not (=> (and (= x (lower x)) (is_order order))
  (= (= (bvand x (lower (bvsub (lower (power order)) one))) zero) (= (bvurem (bvurem x bits) (power order)) zero)))))
(check-sat) (pop 1)

(push 1) (echo "highest_power")
(assert (not (=> (not (= x zero))
  (and (bvule (power (highest x)) x)
       (=> (bvult (highest x) #x000000000000003f) (bvult x (power (bvadd (highest x) one))))))))
(check-sat) (pop 1)

(push 1) (echo "highest_byte")
(assert (not (=> (and (bvule #x0000000000000008 x) (bvult x #x0000000000000100))
  (and (bvule #x0000000000000003 (highest x)) (bvule (highest x) #x0000000000000007)))))
(check-sat) (pop 1)

(push 1) (echo "low_two")
(assert (not (bvule (bvand x #x0000000000000003) #x0000000000000003)))
(check-sat) (pop 1)

(push 1) (echo "round_16")
(assert (not (= (bvand x #xfffffffffffffff0) (bvsub x (bvurem x #x0000000000000010)))))
(check-sat) (pop 1)

(push 1) (echo "either_bits")
(assert (not (=> (within i bits) (= (bit (bvor x y) i) (or (bit x i) (bit y i))))))
(check-sat) (pop 1)

(push 1) (echo "both_bits")
(assert (not (=> (within i bits) (= (bit (bvand x y) i) (and (bit x i) (bit y i))))))
(check-sat) (pop 1)

(push 1) (echo "but_bits")
(assert (not (=> (within i bits) (= (bit (bvand x (bvnot y)) i) (and (bit x i) (not (bit y i)))))))
(check-sat) (pop 1)

(push 1) (echo "moved_bits")
(assert (not (=> (and (bvule n bits) (within j bits) (bvule (bvadd n j) bits) (within i bits))
  (= (bit (bvshl (ite (= n bits) all (bvsub (power n) one)) j) i) (and (bvule j i) (bvult i (bvadd j n)))))))
(check-sat) (pop 1)

(push 1) (echo "low_four")
(assert (not (=> (= x (lower x)) (= (bvand x #x000000000000000f) (bvurem x #x0000000000000010)))))
(check-sat) (pop 1)

(push 1) (echo "shifted_range")
(assert (not (=> (and (= x (lower x)) (within i #x0000000000000020)) (bvule (bvlshr x i) x))))
(check-sat) (pop 1)

; Four bits that are moved within half a word lose nothing in it: what nibbled is by its definition.
(push 1) (echo "nibbled_half")
(assert (not (=> (and (= x (lower x)) (within i #x0000000000000008) (within j #x0000000000000010) (within n #x0000000000000010))
  (= (bvxor x (bvshl (bvxor j n) (bvmul #x0000000000000004 i)))
     (bvxor x (lower (bvshl (bvxor j n) (bvmul #x0000000000000004 i))))))))
(check-sat) (pop 1)

; What is shifted to the left is a product where it is the same when it is shifted back: no bit is lost.
(push 1) (echo "powers_rise")
(assert (not (=> (and (bvult i n) (within n bits)) (and (bvule (power i) (bvlshr all one)) (bvule (bvmul #x0000000000000002 (power i)) (power n))))))
(check-sat) (pop 1)

(push 1) (echo "powers_divide")
(assert (not (=> (and (bvule i n) (within n bits)) (= (into (power n) i) zero))))
(check-sat) (pop 1)

(push 1) (echo "powers_range")
(assert (not (=> (within n bits) (and (bvule one (power n)) (bvule (power n) #x8000000000000000)
  (=> (bvule n #x000000000000002f) (bvule (power n) #x0000800000000000))
  (=> (bvule n #x000000000000002a) (bvule (power n) #x0000040000000000))))))
(check-sat) (pop 1)

(push 1) (echo "power_32")
(assert (not (=> (within n #x000000000000003b) (and (bvule (power n) (bvlshr all #x0000000000000005))
  (= (power (bvadd n #x0000000000000005)) (bvmul #x0000000000000020 (power n)))))))
(check-sat) (pop 1)

(push 1) (echo "power_alone")
(assert (not (=> (not (= x zero)) (= (= (bvand x (bvsub x one)) zero) (= x (power (highest x)))))))
(check-sat) (pop 1)

(define-fun loses_none ((x W) (n W)) Bool (= (bvlshr (bvshl x n) n) x))

(push 1) (echo "shift_product")
(assert (not (=> (and (within n bits) (loses_none x n)) (= (bvshl x n) (bvmul x (power n))))))
(check-sat) (pop 1)

(push 1) (echo "shift_32")
(assert (not (=> (and (within n #x000000000000003b) (loses_none x n) (bvule (bvshl x n) #x0400000000000000))
  (and (loses_none x (bvadd n #x0000000000000005)) (loses_none (bvshl x n) #x0000000000000005)
       (= (bvshl x (bvadd n #x0000000000000005)) (bvmul #x0000000000000020 (bvshl x n)))))))
(check-sat) (pop 1)

(push 1) (echo "shift_back")
(assert (not (=> (and (within n bits) (bvule y (bvlshr x n))) (and (loses_none y n) (bvule (bvshl y n) x)))))
(check-sat) (pop 1)

(push 1) (echo "shift_floor")
(assert (not (=> (within n bits) (let ((floor (bvshl (bvlshr x n) n)))
  (and (loses_none (bvlshr x n) n) (bvule floor x) (bvult (bvsub x floor) (power n)))))))
(check-sat) (pop 1)

(push 1) (echo "lowest_divides")
(assert (not (=> (not (= x zero)) (= (into x (lowest x)) zero))))
(check-sat) (pop 1)

(push 1) (echo "lowest_fits")
(assert (not (=> (and (not (= x zero)) (within n bits) (= (bvlshr x n) zero))
  (and (bvult x (power n)) (bvule (power (lowest x)) (bvsub (power n) x))))))
(check-sat) (pop 1)

(push 1) (echo "lowest_rises")
(assert (not (=> (and (not (= x zero)) (= y (bvadd x (power (lowest x)))) (bvult x y)) (bvult (lowest x) (lowest y)))))
(check-sat) (pop 1)
