"""Makes a snapshot of the RSNA 2017 hands: pictures, a labels table and Pascal VOC box files in, a snapshot out."""
